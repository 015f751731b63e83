"""Runs of golden sets: what was asked of which collections, by which methods, what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import Field

from lisa.domain.frozen import Frozen
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.golden import Relevant
from lisa.domain.knowledge.measures import DEPTH, Figures, Tried, figures_of, recall_at
from lisa.domain.policy import Kind, Thing

MOST_PLACES: Final = 20


class Method(StrEnum):
    """How a run asks: as the modes of a search, or by both of them and a reranker."""

    DENSE = "dense"
    LEXICAL = "lexical"
    HYBRID = "hybrid"
    RERANK = "rerank"


class SetHead(Frozen):
    """A golden set as it is kept, without its questions."""

    id: str
    owner: str
    groups: frozenset[str] = frozenset()  # the owner's when it was made
    name: str
    description: str = ""
    licence: str = ""
    digest: str
    total: int
    created: datetime
    version: int = 1

    def thing(self) -> Thing:
        """Return it as the policy sees it."""
        return Thing(Kind.EVALUATION, self.id, self.owner, self.groups)


class AskedPlace(Frozen):
    """A collection that is asked, and how it was made when the run began."""

    repository_id: str
    collection_id: str
    embedding_model: str
    chunking: Chunking


class Run(Frozen):
    """One run; it is over once `done` is `total`, and has figures then."""

    id: str
    owner: str
    groups: frozenset[str] = frozenset()  # the owner's when it began
    name: str
    set_id: str
    set_name: str
    places: tuple[AskedPlace, ...]
    methods: tuple[Method, ...]
    rerank: str = ""  # the model that reranks
    candidates: int
    total: int
    done: int = 0
    figures: Mapping[Method, Figures] = Field(default_factory=dict)
    created: datetime
    updated: datetime
    version: int = 1

    @property
    def is_over(self) -> bool:
        """Tell whether every question was asked."""
        return self.done >= self.total

    def thing(self) -> Thing:
        """Return it as the policy sees it."""
        return Thing(Kind.EVALUATION, self.id, self.owner, self.groups)


class Outcome(Frozen):
    """What came of one question."""

    number: int  # from 0 on, in the set's order
    question: str
    relevant: tuple[Relevant, ...]
    tried: Mapping[Method, Tried]


class Difference(Frozen):
    """A method in two runs; `gained` and `lost` are the questions it answers better or worse."""

    method: Method
    before: Figures
    after: Figures
    gained: tuple[int, ...]
    lost: tuple[int, ...]


def figures_by_method(
    methods: Sequence[Method], all_of: Sequence[Outcome]
) -> dict[Method, Figures]:
    """Return each method's figures."""
    return {
        method: figures_of([each.tried[method] for each in all_of if method in each.tried])
        for method in methods
    }


def differences(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[Difference]:
    """Compare two runs over one set, by the methods and questions that both have."""
    earlier = {each.number: each for each in before}
    pairs = [(earlier[each.number], each) for each in after if each.number in earlier]
    return [_difference(method, pairs) for method in Method if _in_all(method, pairs)]


def _in_all(method: Method, pairs: Sequence[tuple[Outcome, Outcome]]) -> bool:
    return bool(pairs) and all(method in each.tried for pair in pairs for each in pair)


def _difference(method: Method, pairs: Sequence[tuple[Outcome, Outcome]]) -> Difference:
    tried = [(old.number, old.tried[method], new.tried[method]) for old, new in pairs]
    moved = [(number, recall_at(DEPTH, new) - recall_at(DEPTH, old)) for number, old, new in tried]
    return Difference(
        method=method,
        before=figures_of([old for _, old, _ in tried]),
        after=figures_of([new for _, _, new in tried]),
        gained=tuple(number for number, by in moved if by > 0),
        lost=tuple(number for number, by in moved if by < 0),
    )
