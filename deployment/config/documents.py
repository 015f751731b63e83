"""Reads YAML as far as it can do no harm, and remembers the line of every key and item.

Every value is text as it stands there: `no` stays a word and 0123 keeps its zero. What a text means
is up to the key it belongs to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped] # it has no types

from deployment.config.layering import Written
from deployment.config.places import Place, Steps, dotted
from deployment.config.problems import Problem, refused

MOST_BYTES: Final = 1_000_000
DEEPEST: Final = 12
NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass
class Document:
    """What stands in a text, and what is wrong with it besides."""

    source: Place
    content: Written
    problems: list[Problem] = field(default_factory=list)

    def place(self, mark: Any) -> Place:
        """Return where in a file something stands; variables and options have no lines."""
        if self.source.line is None or mark is None:
            return self.source
        return Place(self.source.source, int(mark.line) + 1)


def read_text(path: Path) -> str:
    """Read a file, unless it can't be a configuration."""
    place = Place(str(path))
    try:
        if path.is_dir():
            raise refused([Problem(place, "is a folder", "name the YAML file in it")])
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        fix = "name one that is there; `lisa config init FILE` writes one"
        raise refused([Problem(place, "there is no such configuration file", fix)]) from error
    except (OSError, ValueError) as error:
        reason = f"can't be read: {getattr(error, 'strerror', None) or error}"
        raise refused([Problem(place, reason, "let this user read it, or name another")]) from error
    if len(raw) > MOST_BYTES:
        reason = "is larger than 1 MB, which no configuration is"
        raise refused([Problem(place, reason, "name the file of the configuration")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = Problem(Place(str(path), line), "is not UTF-8", "save it as UTF-8")
        raise refused([problem]) from error


class _Unreadable(Exception):
    """What ends the reading of a text."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_document(text: str, source: Place) -> Document:
    """Read the one document of a text; what could do harm is a problem with its line."""
    document = Document(source, Written(None, source))
    try:
        _fill(document, yaml.parse(text, Loader=yaml.CBaseLoader))
    except _Unreadable as error:
        document.problems.append(error.problem)
    except yaml.MarkedYAMLError as error:
        told = str(error.problem or error.context)
        fix = "indent with spaces" if "'\\t'" in told else "mend it there, or put it in quotes"
        at = document.place(error.problem_mark)
        document.problems.append(Problem(at, f"is not YAML: {told}", fix))
    except yaml.YAMLError as error:
        reason = f"is not YAML: {str(error).splitlines()[0]}"
        document.problems.append(Problem(source, reason, "remove what is no text"))
    return document


def _fill(document: Document, events: Iterator[Any]) -> None:
    next(events)
    if _is(next(events), "StreamEnd"):
        return
    document.content = _written(document, events, next(events), ())
    next(events)
    if not _is(after := next(events), "StreamEnd"):
        raise _harm(document, after, "a second document begins here", "keep one, without `---`")


def _written(document: Document, events: Iterator[Any], event: Any, at: Steps) -> Written:
    _refuse_harm(document, event, at)
    place = document.place(event.start_mark)
    if _is(event, "MappingStart"):
        return Written(_mapping(document, events, at), place)
    if _is(event, "SequenceStart"):
        inside = enumerate(_until(events, "SequenceEnd"))
        return Written(tuple(_written(document, events, e, (*at, n)) for n, e in inside), place)
    return Written(None if not event.style and event.value in NOTHING else event.value, place)


def _mapping(document: Document, events: Iterator[Any], at: Steps) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for event in _until(events, "MappingEnd"):
        _refuse_harm(document, event, at)
        if not _is(event, "Scalar"):
            raise _harm(document, event, "a key has to be one word", "write `key: value`")
        name, place = str(event.value), document.place(event.start_mark)
        written = _written(document, events, next(events), (*at, name))
        if name in found:
            document.problems.append(_twice((*at, name), place, found[name].place))
        else:
            found[name] = Written(written.value, place)
    return found


def _twice(at: Steps, place: Place, first: Place) -> Problem:
    before = f", first in line {first.line}" if first.line else ""
    return Problem(place, f"is there twice{before}", "keep one of the two", dotted(at))


def _refuse_harm(document: Document, event: Any, at: Steps) -> None:
    if event.anchor is not None:
        raise _harm(document, event, "anchors and aliases are not read", "write the value out")
    if event.tag is not None:
        raise _harm(document, event, f"tags like {event.tag} are not read", "remove the tag")
    if len(at) > DEEPEST:
        raise _harm(document, event, "is nested too deeply", "no key lies as deep as that")


def _harm(document: Document, event: Any, reason: str, fix: str) -> _Unreadable:
    return _Unreadable(Problem(document.place(event.start_mark), reason, fix))


def _until(events: Iterator[Any], end: str) -> Iterator[Any]:
    """Yield what begins here, while somebody else takes what is inside of it."""
    while not _is(event := next(events), end):
        yield event


def _is(event: Any, kind: str) -> bool:
    return type(event).__name__ == f"{kind}Event"
