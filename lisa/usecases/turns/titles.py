"""Names for sessions that have none, by the model that has just answered in them."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from lisa.domain.errors import LisaError
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.session import plain
from lisa.domain.turns.shapes import Wire
from lisa.ports.completions import Completions
from lisa.usecases.sessions import Sessions
from lisa.usecases.turns.answers import said

MOST_WORDS: Final = 12
MOST_CHARACTERS: Final = 100
QUOTED: Final = 1500
PATIENCE: Final = 30.0
ASKED: Final = (
    "Write a title of at most six words for the conversation below, in its own language. "
    "Answer with the title alone: no quotation marks, no full stop, no explanation."
)
THOUGHTS: Final = re.compile(r"<think>.*?(</think>|\Z)", re.DOTALL)
DECORATION: Final = " \t\"'`*_#>“”„«»\u2018\u2019.:-"
LABEL: Final = re.compile(r"^(title|titel|titre|título)\s*[:\uff1a]\s*", re.IGNORECASE)
log = logging.getLogger("lisa.turns")


@dataclass(frozen=True)
class Titles:
    """Names sessions."""

    sessions: Sessions

    async def name(
        self,
        caller: Principal,
        session_id: str,
        model: Model,
        items: Sequence[Wire],
        completions: Completions,
    ) -> None:
        """Name the session by its first wire items, if it still has no name; never fails aloud.

        The built-in models can't: there, pages show the first message.
        """
        if model.built_in:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._name(caller, session_id, model, items, completions)
        except (LisaError, TimeoutError) as failure:
            log.info("session %s stays without a title: %s", session_id, type(failure).__name__)

    async def _name(
        self,
        caller: Principal,
        session_id: str,
        model: Model,
        items: Sequence[Wire],
        completions: Completions,
    ) -> None:
        session = await self.sessions.get(caller, session_id)
        if session.name:
            return
        body = _body(model, "\n\n".join(filter(None, map(_quoted, items))))
        call_id = self.sessions.ids.new("title")
        async with completions.chat(caller, call_id, body) as chunks:
            title = title_of(await said(chunks))
        if title:
            await self.sessions.change(caller, session_id, name=title, version=session.version)


def title_of(answer: str) -> str:
    """Return the first line of an answer as plain words."""
    lines = THOUGHTS.sub("", plain(answer)).strip().splitlines()
    words = LABEL.sub("", lines[0].strip(DECORATION)).strip(DECORATION).split() if lines else []
    return " ".join(words[:MOST_WORDS])[:MOST_CHARACTERS].strip()


def _body(model: Model, conversation: str) -> dict[str, JsonValue]:
    told: list[JsonValue] = [
        {"role": "system", "content": ASKED},
        {"role": "user", "content": conversation},
    ]
    return {"model": model.id, "messages": told, "stream": True, "max_tokens": 400}


def _quoted(item: Wire) -> str:
    content = item.get("content")
    if item.get("type", "message") != "message" or not content:
        return ""
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    text = " ".join(text for text in texts if isinstance(text, str))
    return f"{item.get('role')}: {text[:QUOTED]}" if text else ""
