"""A passage: a piece of a document that is found, and where in the document it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lisa.domain.knowledge.names import Fact


@dataclass(frozen=True)
class Place:
    """Where in its document something stands: characters from `start` up to `end`, and pages."""

    start: int
    end: int
    page: int | None = None
    last_page: int | None = None
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A piece of a document; its id is the same whenever the same content is cut the same way."""

    id: str
    document_id: str
    ordinal: int
    text: str
    place: Place
    name: str = ""  # of the document
    tags: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def searched(self) -> str:
        """Return what is embedded and indexed: the text below its headings."""
        return "\n".join((" > ".join(self.place.headings), self.text)).strip()


@dataclass(frozen=True)
class Embedded:
    """A passage and its vector."""

    passage: Passage
    vector: Sequence[float]


@dataclass(frozen=True)
class Found:
    """A passage that one method of search returned, best first; higher scores are better."""

    passage: Passage
    score: float
