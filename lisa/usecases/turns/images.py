"""Turns of models that make images: asked for, kept under the session, told as items."""

import base64
import binascii
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from lisa.domain.document import LARGEST_DOCUMENT, image_type
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.session import Session
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire
from lisa.ports.completions import Completions
from lisa.usecases.files import Files

AS_BASE64: Final[dict[str, JsonValue]] = {"response_format": "b64_json"}
OF_CHATS: Final = frozenset({"stop", "frequency_penalty", "presence_penalty"})
MOST_IMAGES: Final = 10


@dataclass(frozen=True)
class Images:
    """Has images made and keeps them."""

    files: Files

    async def made(
        self,
        caller: Principal,
        session: Session,
        turn_id: str,
        request: TurnRequest,
        context: Sequence[Wire],
        completions: Completions,
    ) -> AsyncIterator[Wire]:
        """Yield whole `image_generation_call` items; `lisa.file_id` says where each is kept.

        They have no `result` yet: see `with_results`.
        """
        body: dict[str, JsonValue] = {
            **{name: value for name, value in request.lisa.chat.items() if name not in OF_CHATS},
            "model": request.model,
            "prompt": prompt_of(context),
        }
        answer = await _asked(caller, turn_id, body, completions)
        images = answer.get("data")
        if not isinstance(images, list) or not images:
            raise _unusable("it has no image")
        for image in images[:MOST_IMAGES]:
            told = image if isinstance(image, dict) else {}
            content, content_type = _decoded(told)
            file_id = self.files.ids.new("file")
            await self.files.blobs.put(self.files.key(session, file_id), content, content_type)
            yield {
                "id": self.files.ids.new("ig"),
                "type": "image_generation_call",
                "status": "completed",
                "result": None,
                "revised_prompt": told.get("revised_prompt"),
                "lisa": {"file_id": file_id, "content_type": content_type},
            }

    async def with_results(self, session: Session, items: Sequence[Wire]) -> list[Wire]:
        """Return the items with each image's base64 as `result`, for the way out."""
        return [await self._with_result(session, item) for item in items]

    async def _with_result(self, session: Session, item: Wire) -> Wire:
        kept = item.get("lisa")
        if item.get("type") != "image_generation_call" or not isinstance(kept, dict):
            return item
        content = await self.files.blobs.get(self.files.key(session, str(kept.get("file_id"))))
        return {**item, "result": base64.b64encode(content).decode() if content else None}


def prompt_of(context: Sequence[Wire]) -> str:
    """Return what the last message asks for: asked once more, it is not in the input."""
    messages = [item for item in context if item.get("role") == "user"]
    content = messages[-1].get("content") if messages else None
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    prompt = "\n".join(text for text in texts if isinstance(text, str)).strip()
    if not prompt:
        raise Invalid(
            "there is no text that says what the image should show",
            next_step="describe the image",
            code="no_prompt",
        )
    return prompt


async def _asked(
    caller: Principal, turn_id: str, body: dict[str, JsonValue], completions: Completions
) -> dict[str, JsonValue]:
    """Ask for the bytes themselves; some models always send them and refuse to be asked so."""
    try:
        return await completions.images(caller, turn_id, body | AS_BASE64)
    except Invalid as refusal:
        if "response_format" not in refusal.message:
            raise
    return await completions.images(caller, f"{turn_id}-2", body)


def _decoded(image: dict[str, JsonValue]) -> tuple[bytes, str]:
    """Return an image's bytes and type. An address is not followed: it may lead anywhere."""
    written, url = image.get("b64_json"), image.get("url")
    if not written and isinstance(url, str) and url.startswith("data:image/"):
        written = url.partition(";base64,")[2]
    if not isinstance(written, str) or not written:
        raise _unusable("it names an address in place of the image")
    if len(written) * 3 // 4 > LARGEST_DOCUMENT:
        raise _unusable(f"the image is over {LARGEST_DOCUMENT // 1024 // 1024} MB")
    try:
        content = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise _unusable("the image is not base64") from fault
    if not (content_type := image_type(content)):
        raise _unusable("it is no PNG, JPEG, GIF or WebP")
    return content, content_type


def _unusable(why: str) -> Unavailable:
    return Unavailable(
        f"the model's answer can't be used: {why}",
        next_step="try again, or ask an administrator to look at the model",
        code="no_image",
    )
