"""A tool server made with the protocol's own package: tools that work, and some that don't."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel
from starlette.applications import Starlette

HUGE: Final = 400 * 1024
SLOW_SECONDS: Final = 30.0
SECONDS_TO_STOP: Final = 1


class Weather(BaseModel):
    """A structured result."""

    place: str
    degrees: float


def make_server() -> MCPServer:
    """Return a server with all the tools."""
    server = MCPServer("stand-in", version="1")

    @server.tool()
    def add(a: int, b: int) -> int:
        """Add two numbers."""
        return a + b

    @server.tool()
    def headers(ctx: Context[Any, Any]) -> dict[str, str]:
        """Tell which headers arrived, to show which credentials did."""
        return dict(ctx.headers or {})

    @server.tool()
    async def slow(seconds: float = SLOW_SECONDS) -> str:
        """Answer late."""
        await asyncio.sleep(seconds)
        return "at last"

    @server.tool()
    def failing() -> str:
        """Fail."""
        raise ToolError("the well is dry")

    @server.tool()
    def huge(size: int = HUGE) -> str:
        """Say much."""
        return "x" * size

    @server.tool(structured_output=True)
    def weather(place: str) -> Weather:
        """Tell the weather."""
        return Weather(place=place, degrees=21.5)

    return server


def app_of(transport: str) -> Starlette:
    """Return the server's app: at `/mcp`, or at `/sse`."""
    server = make_server()
    return server.sse_app() if transport == "sse" else server.streamable_http_app()


@contextmanager
def tool_server(transport: str = "http") -> Iterator[str]:
    """Serve over real HTTP until the test is over; return the address one gives to LISA."""
    path = {"http": "/mcp", "sse": "/sse"}[transport]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app_of(transport), log_config=None, timeout_graceful_shutdown=SECONDS_TO_STOP
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}{path}"
        finally:
            server.should_exit = True
            thread.join()
