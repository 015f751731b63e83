"""What a request says of a server's tools: which are offered, which need somebody's agreement."""

from lisa.domain.turns.tools import McpTool
from lisa.ports.tool_servers import Tool


def is_offered(wanted: McpTool, tool: Tool) -> bool:
    """Tell whether the request lets the model see a tool."""
    allowed = wanted.allowed_tools
    if not isinstance(allowed, dict):
        return allowed is None or tool.name in allowed
    if allowed.get("read_only") and not tool.annotations.get("readOnlyHint"):
        return False
    names = allowed.get("tool_names")
    return not isinstance(names, list) or tool.name in names


def asks_first(wanted: McpTool, tool: str) -> bool:
    """Tell whether the request wants somebody asked; it does if it doesn't say `never`."""
    asked = wanted.require_approval
    if not isinstance(asked, dict):
        return asked != "never"
    never = asked.get("never")
    names = never.get("tool_names") if isinstance(never, dict) else None
    return not (isinstance(names, list) and tool in names)
