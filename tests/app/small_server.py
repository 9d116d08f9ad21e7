# SPDX-License-Identifier: Apache-2.0
"""A server that answers 200 to everything and has a child of its own: `python -m tests.app.small_server PORT`."""

from __future__ import annotations

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Always(BaseHTTPRequestHandler):
    """Says OK."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the standard library
        return


if __name__ == "__main__":
    # It keeps the group alive after its parent was killed, as a worker of a web server would.
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Always).serve_forever()
