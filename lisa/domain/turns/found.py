"""A search of files within a turn, as an item: what was asked, and the passages that were found."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError

from lisa.domain.knowledge.names import Fact
from lisa.domain.turns.shape import Shape, Wire

CALL: Final = "file_search_call"
RESULTS: Final = "file_search_call.results"  # by what name callers ask to be told of them
MOST_QUERIES: Final = 8
MOST_RESULTS: Final = 50


class FoundPassage(Shape):
    """A passage; what follows its attributes is ours.

    `number` is how a model cites it, and one within a conversation.
    """

    file_id: str
    filename: str
    score: float
    text: str
    attributes: Mapping[str, Fact] = Field(default_factory=dict)
    number: int = 0
    collection: str = ""
    page: int | None = None
    last_page: int | None = None
    start: int = 0
    end: int = 0
    ordinal: int | None = None
    headings: tuple[str, ...] = ()


def _known(found: object) -> object:
    """Leave out what a client sent that can't be a passage."""
    if not isinstance(found, Sequence) or isinstance(found, str):
        return None
    return [each for each in found[:MOST_RESULTS] if _is_known(each)]


def _is_known(found: object) -> bool:
    try:
        FoundPassage.model_validate(found)
    except ValidationError:
        return False
    return True


class FileSearchCall(Shape):
    """A search, which the model asked for, or which was made before it was asked."""

    type: Literal["file_search_call"]
    queries: Annotated[list[str], Field(max_length=100)] = Field(default_factory=list)
    results: Annotated[list[FoundPassage] | None, BeforeValidator(_known)] = None


def passages_of(items: Sequence[Wire]) -> list[Wire]:
    """Return all passages that these items tell of."""
    return [
        passage
        for item in items
        if item.get("type") == CALL
        for passage in item.get("results") or ()
    ]


def without_results(items: Sequence[Wire]) -> list[Wire]:
    """Return the items as whoever sees them who didn't ask what was found."""
    return [{**item, "results": None} if item.get("type") == CALL else item for item in items]
