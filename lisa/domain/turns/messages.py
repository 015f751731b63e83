"""From items to the messages that tell a model what went before."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from lisa.domain.turns.file_search import FILE_SEARCH
from lisa.domain.turns.passages import search_told
from lisa.domain.turns.shapes import Wire

Names: TypeAlias = Mapping[str, tuple[str, str]]  # what a tool is called -> its server's label, it
SYSTEM: Final = frozenset({"system", "developer"})
LONGEST_NAME: Final = 64
NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9_-]")
NO_RESULT: Final = "There is no result: the call was not made."
NOT_FINISHED: Final = "There is no result: the call was interrupted."
NOT_ALLOWED: Final = "The user did not allow this call."


def chat_messages(
    instructions: str | None,
    context: Sequence[Wire],
    names: Names | None = None,
    *,
    knows_calls: bool = True,
) -> list[Wire]:
    """Return the messages that tell a model what went before.

    Calls and their results stand together, whatever lies between them; reasoning is left out, and
    so are results that belong to no call. `names` are those of the tools a model can call now. To
    one that `knows_calls` a search is a call with its result; to others, words before the question.
    """
    story = _Story(context, names or {}, knows_calls=knows_calls)
    if instructions:
        story.say("system", [{"type": "text", "text": instructions}])
    for item in context:
        story.tell(item)
    return story.messages


def chat_name(label: str, tool: str, names: Names) -> str:
    """Return what a server's tool is called for a model: now, or else by the rule."""
    known = (name for name, named in names.items() if named == (label, tool))
    return next(known, NOT_IN_A_NAME.sub("_", f"{label}__{tool}")[:LONGEST_NAME])


class _Story:
    """The messages so far, and what later items say about earlier ones."""

    def __init__(self, context: Sequence[Wire], names: Names, *, knows_calls: bool) -> None:
        self.messages: list[Wire] = []
        self._names = names
        self._knows_calls = knows_calls
        self._passages: set[int] = set()  # that were told already
        self._results = _by(context, "function_call_output", "call_id")
        self._words = _by(context, "mcp_approval_response", "approval_request_id")
        self._made = _by(context, "mcp_call", "approval_request_id")
        self._together: list[Wire] | None = None  # calls that a model asked for at once

    def tell(self, item: Wire) -> None:
        """Go on with another item; what a model needn't know is passed over."""
        telling: dict[str, Callable[[Wire], None]] = {
            "message": self._message,
            "function_call": self._function_call,
            "mcp_call": self._mcp_call,
            "mcp_approval_request": self._approval_request,
            "image_generation_call": self._image,
            "file_search_call": self._search,
        }
        kind = item.get("type", "message")
        if kind != "function_call":
            self._together = None
        if tell := telling.get(kind):
            tell(item)

    def say(self, role: str, parts: list[Wire]) -> None:
        """Add a message; the same speaker goes on in the same message."""
        if not parts:
            return
        last = self.messages[-1] if self.messages else {}
        if last.get("role") == role and "tool_calls" not in last:
            parts = [*_parts_of(last), *parts]
            self.messages.pop()
        texts = [part["text"] for part in parts if part["type"] == "text"]
        content = "\n\n".join(texts) if len(texts) == len(parts) else parts
        self.messages.append({"role": role, "content": content})

    def _message(self, item: Wire) -> None:
        role = item.get("role")
        if role in SYSTEM:
            self.say("system", _said(item))
        elif role == "user":
            self.say("user", [*_said(item), *_images(item)])
        elif role == "assistant":
            self.say("assistant", _said(item))

    def _function_call(self, item: Wire) -> None:
        if item.get("status") == "incomplete":
            return
        result = self._results.get(item["call_id"])
        said = _output(result) if result else NO_RESULT
        self._together = self._call(item["name"], item, item["call_id"], said)

    def _mcp_call(self, item: Wire) -> None:
        self._ours(item, _mcp_result(item))

    def _approval_request(self, item: Wire) -> None:
        """Tell of a call that nobody allowed; one that was allowed tells of itself."""
        word = self._words.get(item["id"], {})
        if not word.get("approve") and item["id"] not in self._made:
            reason = word.get("reason")
            self._ours(item, f"{NOT_ALLOWED} {reason}" if reason else NOT_ALLOWED)

    def _ours(self, item: Wire, result: str) -> None:
        name = chat_name(item["server_label"], item["name"], self._names)
        self._call(name, item, item["id"], result)

    def _image(self, item: Wire) -> None:
        if item.get("status") == "completed":
            shows = item.get("revised_prompt") or "what was asked for"
            self.say("assistant", [{"type": "text", "text": f"(An image: {shows})"}])

    def _search(self, item: Wire) -> None:
        told = search_told(item, self._passages)
        if self._knows_calls:
            arguments = {"arguments": json.dumps({"queries": item["queries"]})}
            self._call(FILE_SEARCH, arguments, item["id"], told)
            return
        question: list[Wire] = []
        if self.messages and self.messages[-1]["role"] == "user":
            question = _parts_of(self.messages.pop())
        self.say("user", [{"type": "text", "text": told}, *question])

    def _call(self, name: str, item: Wire, call_id: str, result: str) -> list[Wire]:
        """Add a call to those it was asked for with, or to what was said last; and its result."""
        function = {"name": name, "arguments": _arguments(item)}
        calls = self._together if self._together is not None else self._calls_of_last()
        calls.append({"id": call_id, "type": "function", "function": function})
        self.messages.append({"role": "tool", "tool_call_id": call_id, "content": result})
        return calls

    def _calls_of_last(self) -> list[Wire]:
        if not self.messages or self.messages[-1]["role"] != "assistant":
            self.messages.append({"role": "assistant", "content": None})
        calls: list[Wire] = self.messages[-1].setdefault("tool_calls", [])
        return calls


def _by(context: Sequence[Wire], kind: str, field: str) -> dict[str, Wire]:
    return {item[field]: item for item in context if item.get("type") == kind and item.get(field)}


def _parts_of(message: Wire) -> list[Wire]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _said(item: Wire) -> list[Wire]:
    """Return an item's texts, without empty ones: some models refuse those."""
    texts = (part.get("text") or part.get("refusal") or _file(part) for part in item["content"])
    return [{"type": "text", "text": text} for text in texts if text]


def _file(part: Wire) -> str:
    return f"(A file: {part.get('filename') or 'unnamed'})" if part["type"] == "input_file" else ""


def _images(item: Wire) -> list[Wire]:
    return [_image_url(part) for part in item["content"] if part.get("image_url")]


def _image_url(part: Wire) -> Wire:
    detail = part.get("detail", "auto")
    shown = {"url": part["image_url"]} | ({} if detail == "auto" else {"detail": detail})
    return {"type": "image_url", "image_url": shown}


def _arguments(item: Wire) -> str:
    """Return arguments that every engine can read; what a model wrote may not be JSON."""
    written = item.get("arguments") or "{}"
    try:
        read = json.loads(written)
    except ValueError:
        read = None
    return written if isinstance(read, dict) else json.dumps({"unreadable": written})


def _output(item: Wire) -> str:
    output = item["output"]
    if isinstance(output, str):
        return output
    return "\n\n".join(part["text"] for part in output if part.get("text"))


def _mcp_result(item: Wire) -> str:
    if item.get("status") in {"incomplete", "in_progress"}:
        return NOT_FINISHED
    error = item.get("error")
    if not error:
        return item.get("output") or ""
    return f"Error: {error.get('message') or json.dumps(error.get('content'))}"
