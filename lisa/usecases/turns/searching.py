"""Searches of files for turns: who may search where, and what is found there, as items have it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from lisa.domain.errors import Invalid
from lisa.domain.identity import Principal
from lisa.domain.knowledge.tokens import count_tokens
from lisa.domain.turns.file_search import FileSearchTool
from lisa.domain.turns.found import MOST_QUERIES
from lisa.domain.turns.shapes import Wire
from lisa.usecases.knowledge.retrieval import Hit, Mode, Question, Retrieval, best_of
from lisa.usecases.knowledge.vector_stores import place_of, store_of

USUAL_RESULTS: Final = 10
LONGEST_QUERY: Final = 8000
MOST_CHARACTERS: Final = 200_000  # of all passages of one search
SHARE_OF_A_WINDOW: Final = 0.5


@dataclass(frozen=True)
class Searching:
    """Searches files."""

    retrieval: Retrieval

    async def check(self, caller: Principal, tool: FileSearchTool) -> None:
        """Raise `NotFound` or `Forbidden` for stores that the caller may not use."""
        for name in tool.vector_store_ids:
            await store_of(self.retrieval.access, caller, name)

    async def found(
        self, caller: Principal, tool: FileSearchTool, queries: Sequence[str], window: int | None
    ) -> list[Wire]:
        """Return the passages that fit these queries, best first; not more than a model can read.

        They have no numbers yet.
        """
        limit = tool.max_num_results or USUAL_RESULTS
        asked = [query[:LONGEST_QUERY] for query in queries[:MOST_QUERIES] if query.strip()]
        answers = await asyncio.gather(
            *(self.retrieval.search(caller, _question(tool, query, limit)) for query in asked)
        )
        hits = [each for each in best_of(answers, limit) if each.relevance >= tool.threshold]
        return [_shown(hit) for hit in _that_fit(hits, window)]


class NoSearching:
    """Stands where no documents are kept."""

    async def check(self, caller: Principal, tool: FileSearchTool) -> None:
        """Refuse it."""
        del caller, tool
        raise no_documents()

    async def found(
        self, caller: Principal, tool: FileSearchTool, queries: Sequence[str], window: int | None
    ) -> list[Wire]:
        """Refuse it."""
        del caller, tool, queries, window
        raise no_documents()


def no_documents() -> Invalid:
    """Say that there is nothing to search."""
    return Invalid(
        "no documents are kept here that could be searched",
        next_step="leave the tool out, or attach the file to a message",
        code="retrieval_unavailable",
    )


def _question(tool: FileSearchTool, query: str, limit: int) -> Question:
    return Question(
        text=query,
        places=[place_of(name) for name in tool.vector_store_ids],
        mode=Mode(tool.mode or Mode.HYBRID),
        limit=limit,
        where=tool.where,
        rerank=tool.rerank or "",
    )


def _that_fit(hits: Sequence[Hit], window: int | None) -> Sequence[Hit]:
    """Return the first of them that leave room for the rest of a conversation; at least one."""
    tokens = accumulate(count_tokens(hit.passage.text) for hit in hits)
    characters = accumulate(len(hit.passage.text) for hit in hits)
    most = window * SHARE_OF_A_WINDOW if window else float("inf")
    fitting = sum(
        some <= most and many <= MOST_CHARACTERS
        for some, many in zip(tokens, characters, strict=True)
    )
    return hits[: max(1, fitting)]


def _shown(hit: Hit) -> Wire:
    passage, place = hit.passage, hit.passage.place
    return {
        "file_id": passage.document_id,
        "filename": passage.name,
        "score": hit.relevance,
        "text": passage.text,
        "attributes": dict(passage.facts),
        "collection": f"{hit.repository_id}.{hit.collection_id}",
        "page": place.page,
        "last_page": place.last_page,
        "start": place.start,
        "end": place.end,
        "ordinal": passage.ordinal,
        "headings": [*place.headings],
    }
