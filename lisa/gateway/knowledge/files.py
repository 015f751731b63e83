"""OpenAI's `/files`: what its owner uploaded, and what documents are made of."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from lisa.domain.errors import Invalid, NotFound
from lisa.domain.knowledge.rag_file import LARGEST_FILE, RagFile
from lisa.domain.turns.shapes import Wire
from lisa.gateway.asgi import header_names, raw
from lisa.gateway.asked import Asked
from lisa.gateway.knowledge.form import Form, Part
from lisa.gateway.reply import Reply
from lisa.usecases.configuration import Switches
from lisa.usecases.knowledge.files import RagFiles

ADDED_TO: Final = "uploadRagDocs"
PURPOSES: Final = ("assistants", "user_data")
LARGEST_FORM: Final = LARGEST_FILE + 64 * 1024
MOST_LISTED: Final = 10_000
READ_AT_ONCE: Final = 100
SENT_AT_ONCE: Final = 4  # files, which lie on this machine's disk meanwhile
PIECE: Final = 256 * 1024


@dataclass(frozen=True)
class OpenAiFiles:
    """Answers what is asked of `/files`."""

    files: RagFiles
    switches: Switches
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SENT_AT_ONCE))

    async def create(self, asked: Asked, reply: Reply) -> None:
        """Keep a file as it comes; its purpose may be said before it or behind."""
        await self.switches.require(ADDED_TO)
        kind = header_names(asked.scope).get("content-type", "")
        form = Form(kind, asked.incoming.pieces(LARGEST_FORM))
        said: dict[str, str] = {}
        kept: RagFile | None = None
        parts = form.parts()
        async for part in parts:
            if part.name != "file":
                said[part.name] = await form.value()
            elif kept is None:
                _refuse_purpose(said)
                content = _with_the_rest(form, parts, said)
                kept = await self._added(asked, part, content, said)
        if kept is None:
            raise Invalid("the form has no `file`", code="missing_file")
        await reply.document(HTTPStatus.OK, file_shown(kept))

    async def page(self, asked: Asked, reply: Reply) -> None:
        """List the caller's files."""
        purpose, cursor, more = asked.word("purpose"), "", True
        found: list[RagFile] = []
        while more and len(found) < MOST_LISTED:
            files, cursor = await self.files.page(asked.caller, READ_AT_ONCE, cursor)
            found += [each for each in files if purpose in {"", each.purpose}]
            more = bool(cursor)
        shown = [file_shown(each) for each in reversed(found)]
        page, has_more = asked.page(MOST_LISTED, MOST_LISTED).cut(shown)
        await reply.document(HTTPStatus.OK, listed(page, has_more=has_more))

    async def get(self, asked: Asked, reply: Reply) -> None:
        """Show a file."""
        file = await self.files.get(asked.caller, asked.name)
        await reply.document(HTTPStatus.OK, file_shown(file))

    async def delete(self, asked: Asked, reply: Reply) -> None:
        """Remove a file and the documents that were made of it."""
        await self.files.get(asked.caller, asked.name)
        await self.files.remove(asked.caller, asked.name)
        gone = {"id": asked.name, "object": "file", "deleted": True}
        await reply.document(HTTPStatus.OK, gone)

    async def content(self, asked: Asked, reply: Reply) -> None:
        """Send what was uploaded."""
        file = await self.files.get(asked.caller, asked.name)
        async with self.slots:
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "content"
                size = await self.files.blobs.fetch(file.key, copy)
                if size is None:
                    raise NotFound("nothing was uploaded to it yet", code="file_without_content")
                headers = {
                    "content-type": file.content_type,
                    "content-length": str(size),
                    "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
                }
                await reply.start(HTTPStatus.OK, raw(headers))
                async for piece in _pieces(copy):
                    await reply.more(piece)
                await reply.end()

    async def _added(
        self, asked: Asked, part: Part, content: AsyncIterator[bytes], said: dict[str, str]
    ) -> RagFile:
        return await self.files.add(
            asked.caller,
            part.filename or "upload",
            part.content_type,
            content,
            lambda: said["purpose"],
        )


def file_shown(file: RagFile) -> Wire:
    """Show a file as OpenAI does."""
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.size,
        "created_at": int(file.created.timestamp()),
        "filename": file.name,
        "purpose": file.purpose,
        "status": "uploaded",
        "expires_at": None,
        "status_details": None,
    }


def listed(shown: list[Wire], *, has_more: bool) -> Wire:
    """Show a page of a list."""
    ids = [each["id"] for each in shown]
    first, last = (ids[0], ids[-1]) if ids else (None, None)
    return {
        "object": "list",
        "data": shown,
        "first_id": first,
        "last_id": last,
        "has_more": has_more,
    }


async def _with_the_rest(
    form: Form, parts: AsyncIterator[Part], said: dict[str, str]
) -> AsyncIterator[bytes]:
    """Yield a file's content, and read what follows: it isn't kept before all is known of it."""
    async for piece in form.content():
        yield piece
    async for part in parts:
        said[part.name] = await form.value()
    _refuse_purpose({"purpose": "", **said})


def _refuse_purpose(said: dict[str, str]) -> None:
    """Refuse other purposes than ours, once it is known."""
    if "purpose" in said and said["purpose"] not in PURPOSES:
        raise Invalid(
            f"purpose: {said['purpose'][:80]!r} should be one of {', '.join(PURPOSES)}",
            next_step="files for training and batches are not kept here",
            code="unsupported_purpose",
        )
    if "expires_after[anchor]" in said:
        raise Invalid(
            "expires_after: files are kept until they are deleted",
            next_step="leave it out",
            code="unsupported_parameter",
        )


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    opened = await asyncio.to_thread(file.open, "rb")
    with opened:
        while piece := await asyncio.to_thread(opened.read, PIECE):
            yield piece
