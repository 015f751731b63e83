"""Multipart request bodies: only the field that names the model is looked at, and changed."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from lisa.domain.errors import Invalid

_BOUNDARY: Final = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))', re.IGNORECASE)
_NAME: Final = re.compile(rb'[;\s]name=(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)
LONGEST_FIELD: Final = 512
LONGEST_HEAD: Final = 8192
READ: Final = frozenset({"model", "stream"})


@dataclass(frozen=True, slots=True)
class FormBody:
    """A form as it came, and where in it the model is named."""

    sent: bytes
    says: dict[str, Any] = field(default_factory=dict)
    model_at: tuple[int, int] = (0, 0)

    @property
    def model(self) -> str:
        """The model it asks for."""
        return str(self.says["model"])

    def rewritten(self, model: str, *, ask_for_usage: bool) -> bytes:
        """Return it for an upstream that knows the model by this name."""
        del ask_for_usage
        start, end = self.model_at
        return b"".join((self.sent[:start], model.encode(), self.sent[end:]))


def read_form(body: bytes, content_type: str) -> FormBody:
    """Find the model in a form."""
    boundary = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or not boundary:
        raise Invalid("the body has to be multipart/form-data", code="malformed_form")
    says: dict[str, Any] = {}
    model_at = (0, 0)
    for name, start, end in _fields(body, (boundary[1] or boundary[2]).encode("latin-1")):
        if name not in READ:
            continue
        if name in says or end - start > LONGEST_FIELD:
            raise Invalid(f"the form's `{name}` is not one short value", code="malformed_form")
        text = body[start:end].decode("utf-8", "replace")
        says[name] = text.strip().lower() == "true" if name == "stream" else text
        model_at = (start, end) if name == "model" else model_at
    if not says.get("model"):
        raise Invalid("you must provide a model parameter", code="missing_model")
    return FormBody(body, says, model_at)


def _fields(body: bytes, boundary: bytes) -> list[tuple[str, int, int]]:
    """List the parts: each name, and where its value lies."""
    delimiter = b"--" + boundary
    found = []
    at = body.find(delimiter)
    while at >= 0:
        after = at + len(delimiter)
        following = body.find(b"\r\n" + delimiter, after)
        head_end = body.find(b"\r\n\r\n", after, after + LONGEST_HEAD)
        if following < 0 or head_end < 0:
            break
        named = _NAME.search(body, after, head_end)
        if named:
            name = (named[1] or named[2] or b"").decode("utf-8", "replace")
            found.append((name, head_end + 4, max(head_end + 4, following)))
        at = following + 2
    return found
