"""Passages in this process's memory: gone when it ends, and every one is compared. For tests."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import mul
from typing import Final

from lisa.domain.errors import Invalid, NotFound
from lisa.domain.knowledge.filters import Filter, Joined, Joining
from lisa.domain.knowledge.labels import AnyOf, condition_of, labels_of
from lisa.domain.knowledge.passage import Embedded, Found, Passage
from lisa.domain.knowledge.words import asked_words, words_of
from lisa.ports.vector_rules import accepted_passages, accepted_uid, accepted_vector
from lisa.ports.vectors import Contents, Space

LARGEST_DIMENSION: Final = 16_000
SATURATION: Final = 1.2  # of BM25: how soon a word that is there often counts no more
LENGTHS: Final = 0.75  # of BM25: how much longer passages count less
_ENGLISH: Final = """
a an and are as at be but by for if in into is it no not of on or such that the their then there
these they this to was will with
"""
ENGLISH: Final = frozenset(_ENGLISH.split())  # words that say nothing of what a text is about


class MemoryVectors:
    """Keeps each space's passages in a dictionary of its own."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.spaces: dict[str, dict[str, Embedded]] = {}
        self._dimensions: dict[str, int] = {}

    async def make(self, space: Space) -> None:
        """Make room; where there is some already, nothing changes."""
        if not 0 < space.dimension <= LARGEST_DIMENSION:
            raise Invalid(f"vectors have 1 to {LARGEST_DIMENSION} numbers here")
        self.spaces.setdefault(accepted_uid(space.uid), {})
        self._dimensions.setdefault(space.uid, space.dimension)

    async def drop(self, uid: str) -> None:
        """Remove a space with all that is in it; what isn't there is removed already."""
        self.spaces.pop(accepted_uid(uid), None)

    async def put(self, space: Space, passages: Sequence[Embedded]) -> None:
        """Store passages, each in the place of one with the same id."""
        if accepted_uid(space.uid) not in self.spaces:
            raise NotFound(f"there is no space {space.uid}")
        accepted = accepted_passages(passages, self._dimensions[space.uid])
        self.spaces[space.uid] |= {each.passage.id: each for each in accepted}

    async def keep(self, space: Space, document_id: str, ordinals: int) -> None:
        """Remove a document's passages from this ordinal on; 0 removes the document."""
        for each in [*self._of(space)]:
            if each.passage.document_id == document_id and each.passage.ordinal >= ordinals:
                del self.spaces[space.uid][each.passage.id]

    async def of_document(
        self, space: Space, document_id: str, first: int, limit: int
    ) -> list[Embedded]:
        """Return a document's passages in order, from an ordinal on, with their vectors."""
        found = [
            each
            for each in self._of(space)
            if each.passage.document_id == document_id and each.passage.ordinal >= first
        ]
        return sorted(found, key=lambda each: (each.passage.ordinal, each.passage.id))[:limit]

    async def nearest(
        self, space: Space, vector: Sequence[float], limit: int, where: Filter | None = None
    ) -> list[Found]:
        """Return the passages nearest by cosine."""
        asked = accepted_vector(vector, space.dimension)
        return _best(
            (Found(each.passage, sum(map(mul, asked, each.vector))) for each in self._of(space)),
            limit,
            where,
        )

    async def matching(
        self, space: Space, text: str, limit: int, where: Filter | None = None
    ) -> list[Found]:
        """Return the passages whose words match best, as BM25 counts it."""
        passages = [each.passage for each in self._of(space)]
        counts = [Counter(words_of(each.searched).split()) for each in passages]
        usual = sum(count.total() for count in counts) / max(len(counts), 1)
        scores = [0.0] * len(counts)
        ignored = ENGLISH if space.language == "english" else ()
        for word in asked_words(text).split():
            if word in ignored:
                continue
            having = sum(word in count for count in counts)
            rarity = math.log(1 + (len(counts) - having + 0.5) / (having + 0.5))
            for number, count in enumerate(counts):
                scores[number] += rarity * _weight(count[word], count.total() / max(usual, 1))
        found = (Found(each, score) for each, score in zip(passages, scores, strict=True) if score)
        return _best(found, limit, where)

    async def contents(self, space: Space) -> Contents:
        """Count what is there."""
        documents = {each.passage.document_id for each in self._of(space)}
        return Contents(len(documents), len(self.spaces.get(space.uid, {})))

    def _of(self, space: Space) -> Iterable[Embedded]:
        return self.spaces.get(accepted_uid(space.uid), {}).values()


class MemoryStores:
    """Finds the one store for every repository."""

    def __init__(self) -> None:
        """Begin with an empty one."""
        self.vectors = MemoryVectors()

    async def of(self, repository_id: str) -> MemoryVectors:
        """Return it, whichever repository is asked for."""
        del repository_id
        return self.vectors


def _weight(times: int, length: float) -> float:
    longer = 1 - LENGTHS + LENGTHS * length
    return times * (SATURATION + 1) / (times + SATURATION * longer)


def _best(found: Iterable[Found], limit: int, where: Filter | None) -> list[Found]:
    fitting = [each for each in found if where is None or _fits(each.passage, where)]
    return sorted(fitting, key=lambda each: (-each.score, each.passage.id))[:limit]


def _fits(passage: Passage, where: Filter) -> bool:
    if isinstance(where, Joined):
        fitting = (_fits(passage, each) for each in where.filters)
        return all(fitting) if where.how is Joining.AND else any(fitting)
    wanted, labels = condition_of(where), labels_of(passage)
    if isinstance(wanted, AnyOf):
        return any(label in wanted.labels for label in labels) is not wanted.negated
    return any(
        (wanted.low < label or (wanted.with_low and label == wanted.low))
        and (label < wanted.high or (wanted.with_high and label == wanted.high))
        for label in labels
    )
