"""Forms with a file in them, read as they come: no more than a piece of it is ever in memory."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import Invalid

LONGEST_HEAD: Final = 16 * 1024
LONGEST_VALUE: Final = 4096
BOUNDARY: Final = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))', re.IGNORECASE)
NAME: Final = re.compile(rb'[;\s]name=(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)
FILE_NAME: Final = re.compile(rb'[;\s]filename=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.IGNORECASE)
TYPE: Final = re.compile(rb"^content-type:\s*([^\r\n]{1,255})", re.IGNORECASE | re.MULTILINE)
GAP: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class Part:
    """The head of one field; a file's has a `filename`."""

    name: str
    filename: str
    content_type: str


class Form:
    """A form on its way in: its parts are read one after the other, each of them whole."""

    def __init__(self, content_type: str, pieces: AsyncIterator[bytes]) -> None:
        """Read nothing yet; raises `Invalid` where it is no form."""
        boundary = BOUNDARY.search(content_type)
        if not content_type.lower().startswith("multipart/form-data") or not boundary:
            raise _malformed("send multipart/form-data")
        self._end = b"\r\n--" + (boundary[1] or boundary[2]).encode("latin-1")
        self._pieces = pieces
        self._held = b"\r\n"  # so that the first boundary is like the others

    async def parts(self) -> AsyncIterator[Part]:
        """Yield parts; what wasn't read of one is passed over."""
        async for _ in self.content():
            pass
        while (head := await self._head()) is not None:
            yield _part(head)
            async for _ in self.content():
                pass

    async def value(self) -> str:
        """Return the short text of the part that was yielded last."""
        held = b""
        async for piece in self.content():
            held += piece
            if len(held) > LONGEST_VALUE:
                raise _malformed(f"a field has over {LONGEST_VALUE} bytes")
        return held.decode("utf-8", "replace")

    async def content(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the part that was yielded last; nothing a second time."""
        while (at := self._held.find(self._end)) < 0:
            ready = len(self._held) - len(self._end) + 1
            if ready > 0:
                piece, self._held = self._held[:ready], self._held[ready:]
                yield piece
            await self._more()
        piece, self._held = self._held[:at], self._held[at:]
        if piece:
            yield piece

    async def _head(self) -> bytes | None:
        """Return the next part's head, standing behind it; nothing at the end of the form."""
        after = len(self._end) + 2
        while len(self._held) < after:
            await self._more()
        if self._held[len(self._end) : after] == b"--":
            return None
        while (at := self._held.find(GAP)) < 0:
            if len(self._held) > LONGEST_HEAD:
                raise _malformed("the head of a field doesn't end")
            await self._more()
        head, self._held = self._held[after:at], self._held[at + len(GAP) - 2 :]
        if not self._held.startswith(self._end):
            self._held = self._held[2:]
        return head

    async def _more(self) -> None:
        piece = await anext(self._pieces, b"")
        if not piece:
            raise _malformed("it ends in the middle")
        self._held += piece


def _part(head: bytes) -> Part:
    name, filename, kind = NAME.search(head), FILE_NAME.search(head), TYPE.search(head)
    return Part(
        _text(name[1] or name[2]) if name else "",
        _base_name(_text(filename[1] or filename[2])) if filename else "",
        _text(kind[1]).strip() if kind else "",
    )


def _text(found: bytes | None) -> str:
    return (found or b"").decode("utf-8", "replace").replace("%22", '"').replace('\\"', '"')


def _base_name(path: str) -> str:
    """Return the last step of a path: some browsers send all of it."""
    return re.split(r"[/\\]", path)[-1]


def _malformed(why: str) -> Invalid:
    return Invalid(f"this form can't be read: {why}", code="malformed_form")
