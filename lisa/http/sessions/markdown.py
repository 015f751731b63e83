"""A session as Markdown to read: who said what, which tools were called, and what came of it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from pydantic import JsonValue

from lisa.domain.session import Item, Part
from lisa.usecases.archives import Names, attached

PEOPLE: Final = {"user": "User", "assistant": "Assistant", "system": "System", "tool": "Tool"}
FENCE: Final = re.compile(r"`{3,}")


def as_markdown(item: Item, names: Names) -> str:
    """Write an item; files that lie beside the text are linked by their names."""
    if item.type == "message":
        who = PEOPLE.get(item.role or "", (item.role or "message").capitalize())
        when = item.created.strftime("%Y-%m-%d %H:%M UTC")
        return f"## {who}, {when}\n\n{_said(item, names)}\n\n"
    write = OTHERS.get(item.type, _unknown)
    own = item.parts[0] if item.parts else {}
    told = write(own, item)
    pictures = _pictures(item, names)
    return "".join(f"{block}\n\n" for block in (told, pictures) if block)


def _said(item: Item, names: Names) -> str:
    blocks = [text for text in (item.text(), _pictures(item, names)) if text]
    if blocks:
        return "\n\n".join(blocks)
    return _code(item.parts, "json") if item.parts else ""


def _pictures(item: Item, names: Names) -> str:
    """Show what lies beside the text, and name what doesn't."""
    shown = []
    for each in attached(item):
        if each.name not in names:
            shown.append(f"*(file {each.name})*")
            continue
        path = names[each.name]
        picture = path.endswith((".png", ".jpg", ".gif", ".webp"))
        shown.append(f"{'!' if picture else ''}[{each.name}]({path})")
    return "\n\n".join(shown)


def _call(own: Part, item: Item) -> str:
    """Write a call of a tool: its name, its arguments, and its result where we called it."""
    server = f" of {own['server_label']}" if own.get("server_label") else ""
    blocks = [f"### Tool call: {_word(own.get('name'))}{server}", _arguments(own.get("arguments"))]
    if own.get("output"):
        blocks.append(f"Result:\n\n{_code(own['output'])}")
    if own.get("error"):
        blocks.append(f"Failed:\n\n{_code(own['error'])}")
    if item.status != "completed":
        blocks.append(f"*({item.status.replace('_', ' ')})*")
    return "\n\n".join(block for block in blocks if block)


def _output(own: Part, item: Item) -> str:
    del item
    return f"### Tool result\n\n{_code(own.get('output'))}"


def _asked(own: Part, item: Item) -> str:
    del item
    server, name = _word(own.get("server_label")), _word(own.get("name"))
    asked = f"### Asked for approval: {name} of {server}"
    return "\n\n".join(block for block in (asked, _arguments(own.get("arguments"))) if block)


def _answered(own: Part, item: Item) -> str:
    del item
    return f"*{'Approved' if own.get('approve') else 'Denied'}.*"


def _thought(own: Part, item: Item) -> str:
    """Write reasoning as a quotation."""
    del item
    pieces = [own.get("summary"), own.get("content")]
    texts = [
        str(each["text"])
        for piece in pieces
        for each in (piece if isinstance(piece, list) else [])
        if isinstance(each, dict) and isinstance(each.get("text"), str)
    ]
    quoted = "\n".join(f"> {line}" for line in "\n\n".join(texts).splitlines())
    return f"### Reasoning\n\n{quoted}" if quoted else ""


def _nothing(own: Part, item: Item) -> str:
    del own, item
    return ""


def _image(own: Part, item: Item) -> str:
    del item
    prompt = own.get("revised_prompt")
    return f"### Image\n\n{prompt}" if isinstance(prompt, str) and prompt else "### Image"


def _unknown(own: Part, item: Item) -> str:
    del own
    return f"### {item.type.replace('_', ' ').capitalize()}\n\n{_code(item.parts, 'json')}"


OTHERS: Final[Mapping[str, Callable[[Part, Item], str]]] = {
    "function_call": _call,
    "mcp_call": _call,
    "function_call_output": _output,
    "mcp_approval_request": _asked,
    "mcp_approval_response": _answered,
    "mcp_list_tools": _nothing,
    "reasoning": _thought,
    "image_generation_call": _image,
}


def _arguments(arguments: JsonValue) -> str:
    """Write arguments as a person reads JSON; those that are none as they came."""
    if not arguments:
        return ""
    try:
        parsed = json.loads(arguments) if isinstance(arguments, str) else arguments
    except (ValueError, RecursionError):
        return _code(arguments)
    return "" if parsed == {} else _code(json.dumps(parsed, ensure_ascii=False, indent=2), "json")


def _code(value: object, language: str = "") -> str:
    """Fence a text so that no fence within ends it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    longest = max((len(found) for found in FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _word(value: JsonValue) -> str:
    return f"`{value}`" if isinstance(value, str) else "a tool"
