# SPDX-License-Identifier: Apache-2.0
"""A real Chromium and the widget's development server, a fresh one for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.widget.chatpage import ChatPage, open_page

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "widget"


def _program(*names: str) -> str:
    own = f"{ROOT / '.node' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    for name in names:
        if found := shutil.which(name, path=own):
            return found
    raise RuntimeError(f"{' or '.join(names)} is missing; `make setup` and `apt-get install chromium` provide them")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for this folder (it holds an event loop, which other tests must not meet); a missing one is a failure."""
    path = os.environ.get("CHROMIUM") or _program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def server() -> Iterator[str]:
    """Origin of a development server with an empty memory."""
    if not (WIDGET / "dist" / "widget.js").is_file():
        raise RuntimeError("widget/dist/widget.js is missing: run `make setup`")
    process = subprocess.Popen(
        [_program("node"), str(WIDGET / "dev" / "server.mjs")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PORT": "0", "THINK_MS": "150"},
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1].rstrip("/")
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def chat(browser: Browser, server: str) -> Iterator[Callable[..., ChatPage]]:
    """Opens the demo page: `chat(width=…, height=…, dark=…, path=…)`; every page must end without a console error."""
    opened: list[ChatPage] = []

    def start(
        width: int = 1280, height: int = 800, *, dark: bool = False, path: str = "/", touch: bool = False
    ) -> ChatPage:
        context = browser.new_context(
            viewport=ViewportSize(width=width, height=height),
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
            reduced_motion="reduce",
            locale="th-TH",
        )
        page: Page = context.new_page()
        opened.append(open_page(page, server, path))
        return opened[-1]

    yield start
    for one in opened:
        problems = one.problems
        one.page.context.close()
        assert problems == []


@pytest.fixture
def other_site() -> Iterator[Callable[[str, str], str]]:
    """A website of another origin: `other_site(html, policy)` serves the page and gives the site's origin."""
    running: list[ThreadingHTTPServer] = []

    def serve(html: str, policy: str) -> str:
        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path == "/" else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(html.encode() if self.path == "/" else b"")

            def log_message(self, *_: object) -> None:
                """Says nothing: the test's output is the test's."""

        site = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        running.append(site)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{site.server_address[1]}"

    yield serve
    for site in running:
        site.shutdown()
        site.server_close()
