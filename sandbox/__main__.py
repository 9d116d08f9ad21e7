# SPDX-License-Identifier: Apache-2.0
"""Runs the sandbox: `python -m sandbox --port 8090`."""

from __future__ import annotations

import argparse

from aiohttp import web

from sandbox.server import create_app


def main() -> None:
    """Serve until interrupted; loopback unless `--host` says otherwise."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Emulated agencies.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    arguments = parser.parse_args()
    web.run_app(create_app(), host=arguments.host, port=arguments.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
