"""YAML as far as it can do no harm: no anchors, aliases or tags, not deep, and words are text."""

from collections.abc import Iterator
from typing import Any, Final

from lisa.domain.errors import Invalid

DEEPEST: Final = 8
MOST_PARTS: Final = 100_000  # a set of 500 questions has less than half of it
NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})


def document_of(text: str) -> object:
    """Read a text's one document; raises `Invalid` with the line that is wrong."""
    # Every door of the control API imports the routes; only the one that serves them has this.
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; see above

    parts = _bounded(yaml.parse(text, Loader=yaml.CBaseLoader))
    try:
        return _document(parts)
    except yaml.MarkedYAMLError as error:
        raise _wrong(error.problem_mark, str(error.problem)) from error
    except yaml.YAMLError as error:
        raise _no_yaml(" ".join(str(error).split())[:300]) from error


def _bounded(parts: Iterator[Any]) -> Iterator[Any]:
    for number, part in enumerate(parts):
        if number > MOST_PARTS:
            raise _wrong(part.start_mark, "there is more in it than 500 questions need")
        yield part


def _document(parts: Iterator[Any]) -> object:
    _begin, first = next(parts), next(parts)
    if _is(first, "StreamEnd"):
        return None
    document = _node(parts, next(parts), 0)
    _end, after = next(parts), next(parts)
    if not _is(after, "StreamEnd"):
        raise _wrong(after.start_mark, "a second document begins")
    return document


def _node(parts: Iterator[Any], part: Any, depth: int) -> object:
    _refuse_dangerous(part, depth)
    if _is(part, "Scalar"):
        return None if not part.style and part.value in NOTHING else part.value
    if _is(part, "SequenceStart"):
        return [_node(parts, each, depth + 1) for each in _until(parts, "SequenceEnd")]
    return {_key(key): _node(parts, next(parts), depth + 1) for key in _until(parts, "MappingEnd")}


def _until(parts: Iterator[Any], end: str) -> Iterator[Any]:
    """Yield what begins here, while somebody else takes what is inside of it."""
    while not _is(part := next(parts), end):
        yield part


def _is(part: Any, kind: str) -> bool:
    return type(part).__name__ == f"{kind}Event"


def _key(part: Any) -> str:
    _refuse_dangerous(part, 0)
    if not _is(part, "Scalar"):
        raise _wrong(part.start_mark, "a key has to be a word")
    return str(part.value)


def _refuse_dangerous(part: Any, depth: int) -> None:
    if part.anchor is not None:
        raise _wrong(part.start_mark, "anchors and aliases are not read")
    if part.tag is not None:
        raise _wrong(part.start_mark, "tags are not read")
    if depth > DEEPEST:
        raise _wrong(part.start_mark, "it is nested too deeply")


def _wrong(mark: Any, why: str) -> Invalid:
    return _no_yaml(f"line {mark.line + 1}: {why}" if mark else why)


def _no_yaml(why: str) -> Invalid:
    return Invalid(
        f"it is no JSON, and read as YAML: {why}",
        next_step='write a list of questions: - {question: "...", relevant: ["guide.pdf"]}',
        code="no_golden_set",
    )
