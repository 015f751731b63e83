"""Output items that we make ourselves, whole: lists of tools, tool calls, searches, images."""

from collections.abc import Callable, Mapping
from typing import Final

from lisa.domain.turns.growing import added, done
from lisa.domain.turns.items import WITHOUT_STATUS
from lisa.domain.turns.shapes import THING, Wire

PREFIX: Final[Mapping[str, str]] = {
    "message": "msg",
    "mcp_list_tools": "mcpl",
    "mcp_call": "mcp",
    "mcp_approval_request": "mcpr",
    "image_generation_call": "ig",
    "file_search_call": "fs",
}
AT_FIRST: Final[Mapping[str, Wire]] = {  # what isn't known yet when the item is announced
    "mcp_list_tools": {"tools": [], "error": None},
    "mcp_call": {"arguments": "", "output": None, "error": None},
    "image_generation_call": {"result": None},
    "message": {"content": []},
}


def whole_item(item: Wire, new_id: Callable[[str], str]) -> Wire:
    """Return an item with everything that the wire asks for."""
    kind = item.get("type", "message")
    own = item if kind == "message" else THING.validate_python(item).wire()
    shown: Wire = {**own, "type": kind, "id": item.get("id") or new_id(PREFIX.get(kind, "item"))}
    if kind not in WITHOUT_STATUS:
        shown["status"] = item.get("status") or ("failed" if shown.get("error") else "completed")
    return shown


def events_of(item: Wire, index: int) -> list[Wire]:
    """Tell of an item from its beginning to its end."""
    first = {**item, **AT_FIRST.get(item["type"], {})}
    if "status" in item:
        first["status"] = "in_progress"
    return [added(index, first), *_steps(item, index), *ending_of(item, index)]


def ending_of(item: Wire, index: int) -> list[Wire]:
    """Tell only how an item ended, of which the beginning was told."""
    ended = _step(item, index, "failed" if _failed(item) else "completed")
    known = item["type"] in {"mcp_list_tools", "mcp_call"} or (
        item["type"] in {"image_generation_call", "file_search_call"} and not _failed(item)
    )
    return [*([ended] if known else []), done(index, item)]


def _steps(item: Wire, index: int) -> list[Wire]:
    if item["type"] not in {"mcp_list_tools", "mcp_call", "image_generation_call"}:
        return []
    steps = [_step(item, index, "in_progress")]
    if item["type"] == "mcp_call":
        said = {"arguments": item["arguments"]}
        steps.append(_step(item, index, "done", "mcp_call_arguments") | said)
    return steps


def _step(item: Wire, index: int, name: str, kind: str = "") -> Wire:
    told = f"response.{kind or item['type']}.{name}"
    return {"type": told, "item_id": item["id"], "output_index": index}


def _failed(item: Wire) -> bool:
    return bool(item.get("error")) or item.get("status") in {"failed", "incomplete"}
