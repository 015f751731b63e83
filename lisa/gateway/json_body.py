"""JSON request bodies: parsed once, strictly, and changed only in the bytes that must change."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any, Final

from pydantic_core import from_json

from lisa.domain.errors import Invalid

_TOKENS: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_VALUE: Final = re.compile(rb'\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")', re.DOTALL)
_COLON: Final = re.compile(rb"\s*:")
MODEL: Final = b'"model"'
ESCAPED: Final = b"\\u00"  # a letter may be written so, and a name be hidden from a search
_QUOTE: Final = ord('"')
_OPENING: Final = frozenset(b"{[")
ASK_FOR_USAGE: Final = b'"stream_options":{"include_usage":true},'


@dataclass(slots=True)
class JsonBody:
    """A request's body as it came, what it says, and where its model is named."""

    sent: bytes
    says: dict[str, Any]
    model_at: tuple[int, int]

    @property
    def model(self) -> str:
        """The model it asks for."""
        return str(self.says["model"])

    def rewritten(self, model: str, *, ask_for_usage: bool) -> bytes:
        """Return it for an upstream that knows the model by this name."""
        if ask_for_usage and "stream_options" in self.says:
            return self._rewritten_anew(model)
        start, end = self.model_at
        named = self.sent[start:end] if model == self.model else json.dumps(model).encode()
        if not ask_for_usage:
            return self.sent if model == self.model else self._with(named)
        opening = self.sent.index(b"{") + 1
        return b"".join(
            (self.sent[:opening], ASK_FOR_USAGE, self.sent[opening:start], named, self.sent[end:])
        )

    def _with(self, named: bytes) -> bytes:
        start, end = self.model_at
        return b"".join((self.sent[:start], named, self.sent[end:]))

    def _rewritten_anew(self, model: str) -> bytes:
        """Change options that the caller sent in another sense; too rare for doing it in place."""
        options = (self.says["stream_options"] or {}) | {"include_usage": True}
        says = self.says | {"model": model, "stream_options": options}
        return json.dumps(says, ensure_ascii=False, separators=(",", ":")).encode()


def read_json(body: bytes) -> JsonBody:
    """Parse a body; whatever two parsers could understand in two ways is refused."""
    try:
        says = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Invalid(f"the body is not JSON: {error}", code="malformed_json") from error
    if not isinstance(says, dict):
        raise Invalid("the body has to be a JSON object", code="malformed_json")
    if inf in says.values() or -inf in says.values():  # such as 1e400
        raise Invalid("a number is out of range", code="malformed_json")
    model = says.get("model")
    if not isinstance(model, str) or not model:
        raise Invalid("you must provide a model parameter", code="missing_model")
    options = says.get("stream_options")
    if options is not None and not isinstance(options, dict):
        raise Invalid("stream_options has to be an object", code="malformed_json")
    return JsonBody(body, says, _where(body, says))


def _where(body: bytes, says: dict[str, Any]) -> tuple[int, int]:
    """Find the string that names the model; no top-level name may stand twice."""
    if ESCAPED not in body and all(body.count(_quoted(name)) == 1 for name in says):
        return _value_after(body, body.index(MODEL) + len(MODEL))
    return _where_among_others(body)


@lru_cache(maxsize=1024)
def _quoted(name: str) -> bytes:
    return b'"%b"' % name.encode()


def _where_among_others(body: bytes) -> tuple[int, int]:
    """Do the same for a body in which names also stand elsewhere, step by step."""
    names: set[str] = set()
    place, depth = (0, 0), 0
    for token in _TOKENS.finditer(body):
        first = body[token.start()]
        if first != _QUOTE:
            depth += 1 if first in _OPENING else -1
        elif depth == 1 and _COLON.match(body, token.end()):
            name = str(from_json(token.group()))
            if name in names:
                raise Invalid(f"the body names `{name[:100]}` twice", code="malformed_json")
            names.add(name)
            place = _value_after(body, token.end()) if name == "model" else place
    return place


def _value_after(body: bytes, at: int) -> tuple[int, int]:
    value = _VALUE.match(body, at)
    return value.span(1) if value else (0, 0)
