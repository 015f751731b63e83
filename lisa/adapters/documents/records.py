"""JSON and lines of JSON, told so that a person can read it: keys stay, brackets go."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from lisa.adapters.documents import charset
from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.rows import ENOUGH
from lisa.adapters.documents.source import Source
from lisa.domain.knowledge.tokens import count_tokens
from lisa.ports.extraction import Section

LARGEST_VALUE: Final = 32 * 1024 * 1024  # characters
SPACE: Final = " \t\n\r\ufeff"
NOTHING: Final = object()


def read(source: Source) -> Iterator[Section]:
    """Yield an object's parts below their keys, or records in groups."""
    with charset.text_of(source) as text:
        values = _Values(charset.blocks(text))
        told = iter(values)
        first, second = next(told, NOTHING), next(told, NOTHING)
        if isinstance(first, dict) and second is NOTHING and not values.is_list:
            yield from _parts(first)
        else:
            several = (each for each in chain((first, second), told) if each is not NOTHING)
            yield from _groups(several)
        yield from _as_it_stands(values, source)


class _Values:
    """The values that follow one another, or the elements of a list, each read when asked for."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self._blocks = blocks
        self._decode = json.JSONDecoder(strict=False).raw_decode
        self._enough = 0
        self.rest = next(blocks, "").lstrip(SPACE)
        self.is_list = self.rest.startswith("[")
        self._between = SPACE + ",]" if self.is_list else SPACE
        if self.is_list:
            self.rest = self.rest[1:]

    def __iter__(self) -> Iterator[Any]:
        """Stop at the end, or where it is no JSON; what isn't read then is the `rest`."""
        while len(self.rest) <= LARGEST_VALUE:
            yield from self._complete(is_over=False)
            if not self._more():
                break
        yield from self._complete(is_over=True)

    def _more(self) -> bool:
        """Read as much as may be enough to go on."""
        read = [self.rest]
        missing = max(1, self._enough - len(self.rest))
        while missing > 0 and (block := next(self._blocks, "")):
            read.append(block)
            missing -= len(block)
        self.rest = "".join(read)
        return len(read) > 1

    def _complete(self, *, is_over: bool) -> Iterator[Any]:
        """Yield what has come to its end; what failed is tried again with twice as much."""
        place = self._start(0)
        while place < len(self.rest):
            try:
                value, end = self._decode(self.rest, place)
            except ValueError:
                self._enough = 2 * (len(self.rest) - place)
                break
            if end == len(self.rest) and not is_over:  # a number may go on
                break
            yield value
            place, self._enough = self._start(end), 0
        self.rest = self.rest[place:]

    def left(self) -> Iterator[str]:
        """Yield what comes behind the `rest`."""
        yield from self._blocks

    def _start(self, place: int) -> int:
        while self.rest[place : place + 1] and self.rest[place] in self._between:
            place += 1
        return place


def _parts(record: dict[str, Any]) -> Iterator[Section]:
    outline = Outline(exact=True)
    for key, value in record.items():
        is_part = isinstance(value, dict | list) and value
        yield from outline.begin(1, str(key) if is_part else "")
        for line in _lines({key: value}):
            yield from outline.say(line)
    yield from outline.rest()


def _groups(records: Iterable[Any]) -> Iterator[Section]:
    group, size = list[str](), 0
    for record in records:
        told = "".join(_lines(record)) + "\n"
        tokens = count_tokens(told)
        if group and size + tokens > ENOUGH:
            yield Section("".join(group), whole=True)
            group, size = [], 0
        group.append(told)
        size += tokens
    if group:
        yield Section("".join(group), whole=True)


def _as_it_stands(values: _Values, source: Source) -> Iterator[Section]:
    if not values.rest:
        return
    source.warnings.append("not all of it is JSON; what isn't was read as plain text")
    yield Section(values.rest)
    yield from (Section(block) for block in values.left())


def _lines(value: Any, depth: int = 0) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, dict | list) and each and not _is_short(each):
                yield f"{indent}{key}:\n"
                yield from _lines(each, depth + 1)
            else:
                yield f"{indent}{key}: {_plain(each)}\n"
    elif isinstance(value, list) and value and not _is_short(value):
        for each in value:
            first, *others = _lines(each, depth + 1)
            yield f"{indent}- {first.lstrip()}"
            yield from others
    else:
        yield f"{indent}{_plain(value)}\n"


def _is_short(value: Any) -> bool:
    """Tell whether a list is told best on one line, such as one of numbers."""
    return isinstance(value, list) and not any(
        isinstance(each, str | dict | list) for each in value
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
