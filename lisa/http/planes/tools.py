"""Routes of tool servers."""

from typing import Final

from lisa.http.tool_servers.lisa_routes import router as lisa_tool_servers
from lisa.http.tool_servers.routes import router as tool_servers

TOOL_SERVERS: Final = (tool_servers, lisa_tool_servers)
