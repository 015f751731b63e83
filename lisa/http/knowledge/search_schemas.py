"""Questions and what was found, on the wire."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.filters import read_filter
from lisa.domain.knowledge.names import Fact
from lisa.http.knowledge.schemas import Body
from lisa.http.knowledge.shown import Shown
from lisa.usecases.knowledge.retrieval import Answer, Hit, Mode, Question

PlaceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,20}\.[A-Za-z0-9_-]{1,128}$")]


class SearchIn(Body):
    """A question to collections, each named `REPOSITORY.COLLECTION`.

    `filters` is a condition as OpenAI's vector stores know it: `{"type": "eq", "key": "year",
    "value": 2024}`, or `{"type": "and", "filters": [...]}`. With the id of a model as `rerank`, it
    orders the best `candidates`.
    """

    query: Annotated[str, StringConstraints(min_length=1, max_length=8000)]
    collections: Annotated[list[PlaceName], Field(min_length=1, max_length=20)]
    mode: Mode = Mode.HYBRID
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    filters: dict[str, JsonValue] | None = None
    rerank: Annotated[str, Field(max_length=256)] = ""
    candidates: Annotated[int, Field(ge=1, le=200)] = 50

    def question(self) -> Question:
        """Return the question; raises `Invalid` for a wrong filter."""
        if not self.query.strip():
            raise Invalid("the question is empty", code="empty_question")
        repositories = (each.partition(".") for each in self.collections)
        return Question(
            text=self.query,
            places=[(repository, collection) for repository, _, collection in repositories],
            mode=self.mode,
            limit=self.limit,
            where=read_filter(self.filters) if self.filters else None,
            rerank=self.rerank,
            candidates=self.candidates,
        )


class SearchHitOut(Shown):
    """A passage that was found, and by which methods."""

    text: str
    score: float
    scores: Mapping[str, float]
    document_id: str
    name: str
    repository_id: str
    collection_id: str
    ordinal: int
    page: int | None
    last_page: int | None
    start: int
    end: int
    headings: Sequence[str]
    tags: Sequence[str]
    facts: Mapping[str, Fact]

    @classmethod
    def of(cls, hit: Hit) -> "SearchHitOut":
        """Show a hit."""
        passage, place = hit.passage, hit.passage.place
        return cls(
            text=passage.text,
            score=hit.score,
            scores=hit.scores,
            document_id=passage.document_id,
            name=passage.name,
            repository_id=hit.repository_id,
            collection_id=hit.collection_id,
            ordinal=passage.ordinal,
            page=place.page,
            last_page=place.last_page,
            start=place.start,
            end=place.end,
            headings=place.headings,
            tags=passage.tags,
            facts=passage.facts,
        )


class SearchOut(Shown):
    """What was found, best first, and how many seconds each step took."""

    hits: list[SearchHitOut]
    timings: Mapping[str, float]

    @classmethod
    def of(cls, answer: Answer) -> "SearchOut":
        """Show an answer."""
        return cls(hits=[SearchHitOut.of(each) for each in answer.hits], timings=answer.timings)
