"""Files that a conversation names, put into what a model is told."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from lisa.domain.document import LARGEST_DOCUMENT, TOKENS_OF_AN_IMAGE, Document, tokens
from lisa.domain.errors import Invalid, NotFound, TooLarge
from lisa.domain.model import Model
from lisa.domain.session import Session
from lisa.domain.turns.shapes import Wire
from lisa.usecases.documents import Documents
from lisa.usecases.turns.refusals import ATTACHED

LARGEST_IMAGE: Final = 10 * 1024 * 1024


@dataclass(frozen=True)
class Attachments:
    """Puts files of a session in place of their names."""

    documents: Documents

    async def inlined(self, session: Session, context: Sequence[Wire], model: Model) -> list[Wire]:
        """Return wire items whose `input_file` parts are text and `input_image` ones data URLs.

        Raises `Invalid` for a file that isn't there or can't be read, and where all of it is more
        than the model can read at once.
        """
        told = [await self._told(session, item) for item in context]
        if told != list(context):
            _refuse_what_is_too_long(told, model)
        return told

    async def _told(self, session: Session, item: Wire) -> Wire:
        content = item.get("content")
        if not isinstance(content, list) or not any(map(_is_attached, content)):
            return item
        parts = [
            await self._part(session, part) if _is_attached(part) else part for part in content
        ]
        return {**item, "content": parts}

    async def _part(self, session: Session, part: Wire) -> Wire:
        file_id = part.get("file_id")
        if part["type"] == "input_image":
            if not isinstance(file_id, str):
                return part  # it bears its own address
            return _image(await self._content(session, file_id), part)
        if isinstance(file_id, str):
            document = await self._document(session, file_id)
            if document.kind == "image":
                return _image(await self._content(session, file_id), part)
        else:
            content = _decoded(part.get("file_data"))
            document = await self.documents.reader.read(content)
            if document.kind == "image":
                return _image((document.image_type, content), part)
        return _text(document, str(part.get("filename") or file_id or "file"))

    async def _document(self, session: Session, file_id: str) -> Document:
        try:
            return await self.documents.of(session, file_id)
        except NotFound as error:
            raise _unknown(error) from error

    async def _content(self, session: Session, file_id: str) -> tuple[str, bytes]:
        """Return the type and bytes of an image."""
        document = await self._document(session, file_id)
        if document.kind != "image":
            raise Invalid(
                f"the file {file_id} is no image",
                next_step="attach it as input_file, or send a PNG, JPEG, GIF or WebP",
                code="no_image",
            )
        return document.image_type, await self.documents.content(session, file_id)


def _is_attached(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") in ATTACHED


def _unknown(error: NotFound) -> Invalid:
    return Invalid(error.message, next_step=error.next_step, code=error.precise_code)


def _decoded(data: object) -> bytes:
    """Read a file that came with the request, as base64 or as a data URL of it."""
    if not isinstance(data, str):
        raise Invalid(
            "an input_file needs file_id or file_data",
            next_step="upload the file to the session and name its id",
            code="no_file",
        )
    written = data.partition(",")[2] if data.startswith("data:") else data
    if len(written) * 3 // 4 > LARGEST_DOCUMENT:
        raise TooLarge(
            f"a file may have {LARGEST_DOCUMENT // 1024 // 1024} MB", code="file_too_large"
        )
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Invalid("file_data is not base64", code="no_file") from fault


def _image(image: tuple[str, bytes], part: Wire) -> Wire:
    image_type, content = image
    if len(content) > LARGEST_IMAGE:
        raise TooLarge(
            f"the image has {len(content) / 1024 / 1024:.1f} MB; models are sent "
            f"{LARGEST_IMAGE // 1024 // 1024} MB at most",
            next_step="send a smaller one",
            code="image_too_large",
        )
    url = f"data:{image_type};base64,{base64.b64encode(content).decode()}"
    return {"type": "input_image", "detail": part.get("detail") or "auto", "image_url": url}


def _text(document: Document, name: str) -> Wire:
    cut = ' truncated="true"' if document.truncated else ""
    text = f'<file name="{escape(name[:200])}"{cut}>\n{document.text}\n</file>'
    return {"type": "input_text", "text": text}


def _refuse_what_is_too_long(told: Sequence[Wire], model: Model) -> None:
    needed = sum(_tokens(item) for item in told)
    if model.context_window is None or needed <= model.context_window:
        return
    raise Invalid(
        f"the conversation with its files is about {needed:,} tokens; "
        f"the model {model.id} reads {model.context_window:,} at once",
        next_step="leave a file out, have it summarised, or take a model with a larger window",
        code="context_too_long",
    )


def _tokens(item: Wire) -> int:
    content = item.get("content")
    if isinstance(content, str):
        return tokens(content)
    if not isinstance(content, list):
        return tokens(f"{item.get('arguments', '')}{item.get('output', '')}")
    return sum(
        TOKENS_OF_AN_IMAGE if part.get("type") == "input_image" else tokens(part.get("text") or "")
        for part in content
        if isinstance(part, dict)
    )
