"""The vectors port: passages and their vectors, each collection in a place of its own.

A space is one collection's; nothing asked of one can reach another. Every adapter passes
`tests/contract/vectors`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lisa.domain.knowledge.filters import Filter
from lisa.domain.knowledge.passage import Embedded, Found


@dataclass(frozen=True)
class Space:
    """Where one collection's passages lie; `language` is how its words are stemmed."""

    uid: str  # [a-z0-9_], 1 to 40 characters, chosen by us
    dimension: int
    language: str = "simple"


@dataclass(frozen=True)
class Contents:
    """How much is in a space."""

    documents: int
    passages: int


class Vectors(Protocol):
    """One store of passages.

    Raises `Unavailable` where the store can't answer, `Invalid` for vectors of another dimension.
    What was put is found by whoever searches after the call has returned. Where no room was made,
    putting raises `NotFound`, and whatever else is asked finds nothing.
    """

    async def make(self, space: Space) -> None:
        """Make room; where there is some already, nothing changes."""

    async def drop(self, uid: str) -> None:
        """Remove a space with all that is in it; what isn't there is removed already."""

    async def put(self, space: Space, passages: Sequence[Embedded]) -> None:
        """Store passages, each in the place of one with the same id."""

    async def keep(self, space: Space, document_id: str, ordinals: int) -> None:
        """Remove a document's passages from this ordinal on; 0 removes the document."""

    async def of_document(
        self, space: Space, document_id: str, first: int, limit: int
    ) -> list[Embedded]:
        """Return a document's passages in order, from an ordinal on, with their vectors."""

    async def nearest(
        self, space: Space, vector: Sequence[float], limit: int, where: Filter | None = None
    ) -> list[Found]:
        """Return the passages nearest by cosine; as many as fit where there are so many."""

    async def matching(
        self, space: Space, text: str, limit: int, where: Filter | None = None
    ) -> list[Found]:
        """Return the passages whose words match best; any word of the text may match."""

    async def contents(self, space: Space) -> Contents:
        """Count what is there."""


class Stores(Protocol):
    """Finds the store that a repository's passages are in."""

    async def of(self, repository_id: str) -> Vectors:
        """Return it, ready to be asked; raises `Unavailable`, `NotFound`."""
