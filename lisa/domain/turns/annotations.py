"""What is told of a text beside it: what it rests on, and how sure the model was of its words."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from lisa.domain.turns.shape import Shape, Wire


class FileCitation(Shape):
    """A place in a file that the text rests on, told at the character `index` of the text.

    The others are ours: the `number` by which the model cites the passage, where that stands in its
    document (`ordinal` counts its passages, from 0), and the words in it that are meant.
    """

    type: Literal["file_citation"]
    file_id: str
    filename: str
    index: int
    number: int | None = None
    page: int | None = None
    last_page: int | None = None
    start: int | None = None
    end: int | None = None
    ordinal: int | None = None
    quote: str | None = None
    collection: str | None = None

    def wire(self) -> Wire:
        """Return it as it travels: what of ours isn't known isn't there."""
        return self.model_dump(mode="json", exclude_none=True)


class UrlCitation(Shape):
    """A page that the text rests on."""

    type: Literal["url_citation"]
    url: str
    title: str
    start_index: int
    end_index: int


ANNOTATION: Final[TypeAdapter[FileCitation | UrlCitation]] = TypeAdapter(
    Annotated[FileCitation | UrlCitation, Field(discriminator="type")]
)


def known_annotations(found: object) -> list[Wire]:
    """Return those annotations that we can carry, each in its own shape."""
    return [kept for each in _listed(found) if (kept := _annotation(each))]


def _annotation(found: object) -> Wire | None:
    if isinstance(found, Mapping) and isinstance(inner := found.get("url_citation"), Mapping):
        found = {"title": "", "start_index": 0, "end_index": 0, **inner, "type": "url_citation"}
    try:
        return ANNOTATION.validate_python(found).wire()
    except ValidationError:
        return None


def known_logprobs(found: object) -> list[Wire]:
    """Return the token probabilities that are complete."""
    return [kept for each in _listed(found) if (kept := _logprob(each))]


def _logprob(found: object) -> Wire | None:
    if not isinstance(found, Mapping):
        return None
    token, logprob = found.get("token"), found.get("logprob")
    if not isinstance(token, str) or not isinstance(logprob, int | float):
        return None
    told = found.get("bytes")
    return {
        "token": token,
        "logprob": logprob,
        "bytes": told if isinstance(told, list) else list(token.encode("utf-8", "replace")),
        "top_logprobs": known_logprobs(found.get("top_logprobs")),
    }


def _listed(found: object) -> list[Any]:
    return found if isinstance(found, list) else []
