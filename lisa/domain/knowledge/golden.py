"""Golden sets: questions of which is known where their answers stand, and how such files are read.

A file is JSON Lines, one question a line, or one JSON document:
`{"question": "...", "relevant": ["guide.pdf", {"document": "guide.pdf", "page": 3}]}`. A line with
a `name` in place of a question tells of the set itself.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints, ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.frozen import Frozen
from lisa.domain.knowledge.names import Description, FileName

MOST_QUESTIONS: Final = 500
LARGEST_FILE: Final = 4 * 1024 * 1024
EXAMPLE: Final = '{"question": "...", "relevant": ["guide.pdf"]}'

SetName = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Fact = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class Relevant(Frozen):
    """A place that answers: a document by its name or id, there a page, and words that it says."""

    document: FileName
    page: Annotated[int, Field(ge=1)] | None = None
    quote: Annotated[str, StringConstraints(max_length=300)] = ""


class GoldenQuestion(Frozen):
    """A question and all places that answer it; a right answer has one of the `facts` in it."""

    question: Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"\S")]
    relevant: Annotated[tuple[Relevant, ...], Field(min_length=1, max_length=10)]
    facts: Annotated[tuple[Fact, ...], Field(max_length=10)] = ()


Questions = Annotated[tuple[GoldenQuestion, ...], Field(min_length=1, max_length=MOST_QUESTIONS)]


class Golden(Frozen):
    """A whole set; `licence` is that of the texts it asks of."""

    name: SetName
    description: Description = ""
    licence: Annotated[str, StringConstraints(max_length=500)] = ""
    questions: Questions

    @property
    def digest(self) -> str:
        """Return what equal sets have in common."""
        return sha256(self.model_dump_json().encode()).hexdigest()


@dataclass(frozen=True)
class Seen:
    """A passage as far as it matters for whether it is the one that was sought."""

    document_id: str
    name: str
    text: str
    page: int | None = None
    last_page: int | None = None


def ranks_of(question: GoldenQuestion, found: Sequence[Seen]) -> tuple[int, ...]:
    """Return the rank at which each relevant place was found first, for those that were."""
    firsts = (
        next((rank for rank, each in enumerate(found, start=1) if _fits(place, each)), 0)
        for place in question.relevant
    )
    return tuple(sorted(filter(None, firsts)))


def _fits(place: Relevant, seen: Seen) -> bool:
    if place.document not in {seen.document_id, seen.name}:
        return False
    if place.page is not None:
        first = seen.page or 0
        if not first <= place.page <= (seen.last_page or first):
            return False
    return _plain(place.quote) in _plain(seen.text)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def read_golden(text: str, name: str) -> Golden:
    """Read a file; raises `Invalid` with the lines or places that are wrong."""
    return golden_of(_json_of(text), name) or _set_of({"name": name, **_of_lines(text)})


def golden_of(document: object, name: str) -> Golden | None:
    """Read a whole document, whatever it was written in; nothing where it is no set."""
    if isinstance(document, list):
        document = {"questions": document}
    if isinstance(document, dict) and "questions" in document:
        return _set_of({"name": name, **document})
    return None


def _of_lines(text: str) -> dict[str, Any]:
    about: dict[str, Any] = {}
    questions: list[GoldenQuestion] = []
    for number, line in _lines(text):
        read = _json_of(line)
        if not isinstance(read, dict):
            raise no_golden_set(f"line {number} is no JSON object")
        if "question" not in read and "name" in read and not questions:
            about = read
            continue
        try:
            questions.append(GoldenQuestion.model_validate(_expanded(read)))
        except ValidationError as error:
            raise no_golden_set(f"line {number}: {_told(error)}") from error
    return {**about, "questions": questions}


def _lines(text: str) -> Iterator[tuple[int, str]]:
    numbered = enumerate(text.split("\n"), start=1)
    return ((number, line) for number, line in numbered if line.strip())


def _set_of(read: Mapping[str, Any]) -> Golden:
    questions = read["questions"]
    if isinstance(questions, list):
        questions = [_expanded(each) for each in questions]
    try:
        return Golden.model_validate({**read, "questions": questions})
    except ValidationError as error:
        raise no_golden_set(_told(error)) from error


def _expanded(question: object) -> object:
    """Write a document that is named by its name alone as the others are."""
    if not isinstance(question, dict) or not isinstance(question.get("relevant"), list):
        return question
    places = [
        {"document": each} if isinstance(each, str) else each for each in question["relevant"]
    ]
    return {**question, "relevant": places}


def _json_of(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _told(error: ValidationError) -> str:
    match error.errors()[0]:
        case {"loc": ("questions", int(number), *inside), "msg": why}:
            places = [f"question {number + 1}", _place(inside)]
        case {"loc": loc, "msg": why}:
            places = [_place(loc)]
    return ": ".join([*filter(None, places), why])


def _place(keys: Sequence[object]) -> str:
    return ".".join(map(str, keys))[:200]  # a wrong key may be as long as the file


def no_golden_set(why: str) -> Invalid:
    """Return the refusal of a file."""
    return Invalid(why, next_step=f"write one question a line: {EXAMPLE}", code="no_golden_set")
