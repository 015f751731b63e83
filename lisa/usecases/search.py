"""Searching one's own sessions: first names and first messages, then every text, newest first."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lisa.domain.errors import Invalid
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.session import Session
from lisa.ports.clock import Clock
from lisa.stores.sessions.heads import Heads
from lisa.stores.sessions.texts import Said, Texts

AT_ONCE: Final = 200
MOST_LOOKED_AT: Final = 2000
PATIENCE: Final = timedelta(seconds=4)
SNIPPET_BEFORE: Final = 60
SNIPPET_LENGTH: Final = 200


@dataclass(frozen=True)
class Hit:
    """A session that was found; `item_id` is the message that says it, else its name does."""

    session: Session
    item_id: str | None
    snippet: str


@dataclass(frozen=True)
class Place:
    """How far a search has come."""

    in_texts: bool = False
    before: str = ""


@dataclass(frozen=True)
class Search:
    """Finds texts that have all the words asked for, whatever their case."""

    texts: Texts
    heads: Heads
    clock: Clock

    async def find(
        self, caller: Principal, wanted: str, *, limit: int, cursor: str
    ) -> tuple[list[Hit], str]:
        """Return hits and where to go on.

        A page may be short, or empty with a cursor: one request looks at so many texts and no more.
        """
        require(caller, Verb.LIST, Thing(Kind.SESSION, owner=caller.subject))
        words = wanted.casefold().split()
        if not words:
            raise Invalid("there is no word to search for", next_step="send one", code="no_words")
        found, go_on = await self._look(caller.subject, words, limit, _read(cursor))
        return await self._hits(caller.subject, found, words), go_on

    async def _look(
        self, owner: str, words: Sequence[str], limit: int, place: Place
    ) -> tuple[list[Said], str]:
        found: list[Said] = []
        looked, stop = 0, self.clock.now() + PATIENCE
        while looked < MOST_LOOKED_AT and self.clock.now() < stop:
            read = self.texts.said if place.in_texts else self.texts.titles
            batch = await read(owner, place.before, AT_ONCE)
            for each in batch:
                place = Place(place.in_texts, each.place)
                if _has(each.text, words):
                    found.append(each)
                if len(found) == limit:
                    return found, _write(place)
            looked += len(batch)
            if len(batch) < AT_ONCE:
                if place.in_texts:
                    return found, ""
                place = Place(in_texts=True)
        return found, _write(place)

    async def _hits(self, owner: str, found: Sequence[Said], words: Sequence[str]) -> list[Hit]:
        """Look at the sessions themselves: one may be deleted, and its texts not yet."""
        ids = list(dict.fromkeys(each.session_id for each in found))
        sessions = {session.uid: session for session in await self.heads.get_many(owner, ids)}
        return [
            Hit(sessions[each.uid], each.item_id, _snippet(each.text, words))
            for each in found
            if each.uid in sessions
        ]


def _has(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _snippet(text: str, words: Sequence[str]) -> str:
    """Return what stands around the first of the words."""
    folded = text.casefold()
    at = min(folded.find(word) for word in words)
    start = max(0, min(at, len(text)) - SNIPPET_BEFORE)
    end = start + SNIPPET_LENGTH
    cut = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{cut}{'…' if end < len(text) else ''}"


def _write(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([place.in_texts, place.before]).encode()).decode()


def _read(cursor: str) -> Place:
    if not cursor:
        return Place()
    try:
        in_texts, before = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise _wrong_cursor() from error
    if not isinstance(in_texts, bool) or not isinstance(before, str):
        raise _wrong_cursor()
    return Place(in_texts, before)


def _wrong_cursor() -> Invalid:
    return Invalid(
        "the cursor does not belong to this search",
        next_step="begin again without a cursor",
        code="wrong_cursor",
    )
