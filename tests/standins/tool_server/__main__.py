"""Runs the tool server: `python -m tests.standins.tool_server [http|sse|stdio] [PORT]`."""

import sys

import uvicorn

from tests.standins.tool_server.server import app_of, make_server


def main() -> None:
    """Serve until told to stop."""
    transport = sys.argv[1] if len(sys.argv) > 1 else "stdio"
    if transport == "stdio":
        make_server().run("stdio")
        return
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    uvicorn.run(app_of(transport), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
