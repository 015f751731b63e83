"""Finding the passages that answer a question: by meaning, by words, or by both."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import Final, TypeAlias

from lisa.domain.identity import Principal
from lisa.domain.knowledge.coverage import coverage
from lisa.domain.knowledge.filters import Filter
from lisa.domain.knowledge.fusion import fused
from lisa.domain.knowledge.passage import Found, Passage
from lisa.domain.policy import Verb
from lisa.ports.clock import Clock
from lisa.ports.embedding import Embedder, OnBehalf, Reranker
from lisa.ports.vectors import Stores
from lisa.stores.models import ModelStore
from lisa.usecases.knowledge.access import Access, Reach
from lisa.usecases.knowledge.halves import Ask, in_halves
from lisa.usecases.knowledge.rerankers import refuse_unusable_reranker
from lisa.usecases.knowledge.spaces import space_of
from lisa.usecases.knowledge.stopwatch import Stopwatch

_Key: TypeAlias = tuple[str, str, str]
DENSE, LEXICAL, FUSED, RERANK = "dense", "lexical", "fused", "rerank"


class Mode(StrEnum):
    """By what passages are found."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


FEWEST: Final = 50  # passages of each method, however few are wanted
METHODS: Final = {
    Mode.HYBRID: (DENSE, LEXICAL),
    Mode.DENSE: (DENSE,),
    Mode.LEXICAL: (LEXICAL,),
}


@dataclass(frozen=True)
class Question:
    """What is asked of which collections; `rerank` is a model that orders the `candidates`."""

    text: str
    places: Sequence[tuple[str, str]]
    mode: Mode = Mode.HYBRID
    limit: int = 10
    where: Filter | None = None
    rerank: str = ""
    candidates: int = 50

    @property
    def depth(self) -> int:
        """Return how many passages each method is asked for: more than are wanted in the end."""
        wanted = self.candidates if self.rerank else FEWEST
        return max(2 * self.limit, wanted)


@dataclass(frozen=True)
class Hit:
    """A passage that was found; `scores` has its score and rank by each method that found it."""

    passage: Passage
    repository_id: str
    collection_id: str
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def relevance(self) -> float:
        """Return how well it fits, from 0 to 1.

        That is what a reranker says, else how near its meaning is; what was found by its words
        alone, whose scores have no end, comes nearer to 1 the better it fits.
        """
        if RERANK in self.scores or DENSE in self.scores:
            return min(max(self.scores.get(RERANK, self.scores.get(DENSE, 0)), 0), 1)
        words = max(self.scores.get(LEXICAL, 0), 0)
        return words / (1 + words)


@dataclass(frozen=True)
class Answer:
    """What was found, best first, and how many seconds each step took."""

    hits: Sequence[Hit]
    timings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Retrieval:
    """Searches what its caller may use."""

    access: Access
    stores: Stores
    embedder: Embedder
    reranker: Reranker
    clock: Clock
    models: ModelStore

    async def search(self, caller: Principal, question: Question) -> Answer:
        """Return what fits best.

        Methods are fused by reciprocal rank. Collections with one embedder are one list by meaning,
        those of another are a list of their own, as their scores say nothing about each other.
        """
        watch = Stopwatch(self.clock)
        if question.rerank:
            await refuse_unusable_reranker(self.models, caller, question.rerank)
        reaches = [
            await self.access.collection(caller, *place, Verb.USE)
            for place in dict.fromkeys(question.places)
        ]
        filled = [each for each in reaches if each.collection.dimension]
        methods = {DENSE: self._by_meaning, LEXICAL: self._by_words}
        whose = OnBehalf(caller.subject, caller.token_id, caller.groups)
        lists = await asyncio.gather(
            *(methods[name](question, filled, whose, watch) for name in METHODS[question.mode])
        )
        found = zip(METHODS[question.mode], lists, strict=True)
        named = [(name, ranked) for name, several in found for ranked in several]
        hits = _put_together(named, question)
        if question.rerank and hits:
            with watch.timing(RERANK):
                hits = await self._reranked(question, hits[: question.candidates], whose)
        return Answer(hits[: question.limit], watch.timings())

    async def _by_meaning(
        self, question: Question, reaches: Sequence[Reach], whose: OnBehalf, watch: Stopwatch
    ) -> list[list[Hit]]:
        """Return a list for each embedder."""
        ordered = sorted(reaches, key=lambda each: each.collection.embedding_model)
        groups = [
            (model, list(each))
            for model, each in groupby(ordered, lambda each: each.collection.embedding_model)
        ]
        return await asyncio.gather(
            *(self._near(question, model, each, whose, watch) for model, each in groups)
        )

    async def _near(
        self,
        question: Question,
        model: str,
        reaches: Sequence[Reach],
        whose: OnBehalf,
        watch: Stopwatch,
    ) -> list[Hit]:
        with watch.timing("embed"):
            vector = await in_halves(self._asking(model, whose), question.text)

        async def of(reach: Reach) -> list[Found]:
            store = await self.stores.of(reach.repository.id)
            space = space_of(reach.collection)
            return await store.nearest(space, vector, question.depth, question.where)

        with watch.timing(DENSE):
            found = await asyncio.gather(*map(of, reaches))
        return _ranked(DENSE, reaches, found, question.depth)

    def _asking(self, model: str, whose: OnBehalf) -> Ask:
        async def ask(text: str) -> Sequence[float]:
            (vector,) = await self.embedder.embed(model, [text], whose)
            return vector

        return ask

    async def _by_words(
        self, question: Question, reaches: Sequence[Reach], whose: OnBehalf, watch: Stopwatch
    ) -> list[list[Hit]]:
        del whose  # asks no model

        async def of(reach: Reach) -> list[Found]:
            store = await self.stores.of(reach.repository.id)
            space = space_of(reach.collection)
            return await store.matching(space, question.text, question.depth, question.where)

        with watch.timing(LEXICAL):
            found = await asyncio.gather(*map(of, reaches))
        return [_ranked(LEXICAL, reaches, found, question.depth)]

    async def _reranked(
        self, question: Question, hits: Sequence[Hit], whose: OnBehalf
    ) -> list[Hit]:
        texts = [hit.passage.searched for hit in hits]
        scores = await self.reranker.rank(question.rerank, question.text, texts, whose)
        scored = [
            replace(hit, score=score, scores={**hit.scores, RERANK: score})
            for hit, score in zip(hits, scores, strict=True)
        ]
        return sorted(scored, key=lambda hit: -hit.score)


def _ranked(
    method: str, reaches: Sequence[Reach], found: Sequence[Sequence[Found]], depth: int
) -> list[Hit]:
    """Make one list of what a method found in several collections."""
    hits = [
        Hit(each.passage, reach.repository.id, reach.collection.id, each.score)
        for reach, several in zip(reaches, found, strict=True)
        for each in several
    ]
    best = sorted(hits, key=lambda hit: -hit.score)[:depth]
    return [
        replace(hit, scores={method: hit.score, f"{method}_rank": rank})
        for rank, hit in enumerate(best, start=1)
    ]


def _put_together(lists: Sequence[tuple[str, Sequence[Hit]]], question: Question) -> list[Hit]:
    """Fuse the lists of methods, where there are several; the same text from a copy is one hit."""
    hits: dict[_Key, Hit] = {}
    for hit in (each for _, ranked in lists for each in ranked):
        known = hits.get(_key(hit), hit)
        hits[_key(hit)] = replace(known, scores={**known.scores, **hit.scores})
    by_rank = question.mode is Mode.HYBRID or len(lists) > 1
    scores = fused(_worths(lists, hits, question.text) if by_rank else [dict.fromkeys(hits, 1.0)])
    unique: dict[str, Hit] = {}
    for key, score in scores.items():
        hit = hits[key]
        if by_rank:
            hit = replace(hit, score=score, scores={**hit.scores, FUSED: score})
        unique.setdefault(hit.passage.text, hit)
    return list(unique.values())


def _worths(
    lists: Sequence[tuple[str, Sequence[Hit]]], hits: Mapping[_Key, Hit], text: str
) -> list[dict[_Key, float]]:
    """Say how much each place of a list is worth, from 0 to 1.

    By meaning it is how near a passage comes to the nearest, by words how much it has of those that
    were asked for; scores of stores that count differently are never compared.
    """
    parts = coverage(text, [hit.passage.searched for hit in hits.values()])
    covered = dict(zip(hits, parts, strict=True))

    def worth(name: str, hit: Hit, best: float) -> float:
        if name == LEXICAL:
            return covered[_key(hit)]
        return max(hit.score, 0) / best if best > 0 else 0.0

    return [
        {_key(hit): worth(name, hit, ranked[0].score) for hit in ranked} for name, ranked in lists
    ]


def best_of(answers: Sequence[Answer], limit: int) -> list[Hit]:
    """Return the best of what several questions found, each of them once."""
    if len(answers) == 1:
        return list(answers[0].hits[:limit])
    hits: dict[str, Hit] = {}
    for hit in (each for answer in answers for each in answer.hits):
        known = hits.setdefault(hit.passage.text, hit)
        if hit.relevance > known.relevance:
            hits[hit.passage.text] = hit
    scores = fused({hit.passage.text: 1.0 for hit in answer.hits} for answer in answers)
    return [hits[text] for text in scores][:limit]


def _key(hit: Hit) -> _Key:
    return hit.repository_id, hit.collection_id, hit.passage.id
