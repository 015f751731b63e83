"""Files that come in a form, as object stores take them: short fields, and last the `file`."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from lisa.domain.errors import Invalid, TooLarge

LONGEST_HEAD: Final = 64 * 1024  # all that comes before the file's own bytes
BOUNDARY: Final = re.compile(r'multipart/form-data;.*boundary="?([^\s;,"]{1,70})"?', re.IGNORECASE)
NAME: Final = re.compile(rb'[;\s]name="([^"]*)"', re.IGNORECASE)
FILE: Final = "file"
GAP: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class FormUpload:
    """The fields of a form; its file is still to be read."""

    fields: Mapping[str, str]
    begun: bytes
    boundary: bytes
    rest: AsyncIterator[bytes]

    async def content(self, most: int) -> AsyncIterator[bytes]:
        """Yield the file's bytes; refuse one that is empty, torn or has more than so many."""
        held, size = self.begun, 0
        end = b"\r\n" + self.boundary
        async for chunk in self.rest:
            held += chunk
            at = held.find(end)
            ready = held[: at if at >= 0 else max(0, len(held) - len(end))]
            size += len(ready)
            _refuse_beyond(size, most)
            yield ready
            held = held[len(ready) :]
            if len(held) > LONGEST_HEAD:
                raise _malformed("the file is not the last field")
        last, found, _ = held.partition(end + b"--")
        if not found or end in last or size + len(last) == 0:
            raise _malformed("the file is empty, torn, or not the last field")
        _refuse_beyond(size + len(last), most)
        yield last


async def read_form(request: Request) -> FormUpload:
    """Read a form as far as its file begins."""
    known = BOUNDARY.match(request.headers.get("content-type", ""))
    if known is None:
        raise _malformed("send multipart/form-data")
    boundary = b"--" + known[1].encode("latin-1")
    rest, held = request.stream(), b"\r\n"
    fields: dict[str, str] = {}
    async for chunk in rest:
        held += chunk
        while (part := _next(held, boundary)) is not None:
            name, start, end = part
            if name == FILE:
                return FormUpload(fields, held[start:], boundary, rest)
            if end < 0:
                break
            fields[name] = held[start:end].decode("utf-8", "replace")
            held = held[end:]
        if len(held) > LONGEST_HEAD:
            break
    raise _malformed("its last field should be the `file`")


def _next(held: bytes, boundary: bytes) -> tuple[str, int, int] | None:
    """Return the first field's name, and where its value begins and, if known, ends."""
    begun = held.find(b"\r\n" + boundary)
    start = held.find(GAP, begun + 2)
    if begun < 0 or start < 0:
        return None
    name = NAME.search(held, begun, start)
    end = held.find(b"\r\n" + boundary, start + len(GAP) - 2)
    return name[1].decode("utf-8", "replace") if name else "", start + len(GAP), end


def _refuse_beyond(size: int, most: int) -> None:
    if size > most:
        raise TooLarge(f"this form takes {most} bytes", next_step="send a smaller file")


def _malformed(why: str) -> Invalid:
    return Invalid(f"this form can't be read: {why}", code="malformed_form")
