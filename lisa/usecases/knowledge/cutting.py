"""Cuts documents into pieces, while they are being read and always at the same places.

A piece's text is exactly what stands in the document from `start` to `end`. Pieces of a stretch
overlap by exactly as many units as was asked; a unit is a character or a token. A cut falls at the
strongest break in the second half of what fits: between paragraphs, lines, sentences or words.
"""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.knowledge.chunking import Chunking, Strategy
from lisa.domain.knowledge.passage import Place
from lisa.domain.knowledge.tokens import count_tokens, starts_of
from lisa.ports.extraction import Section

MOST_UNCUT: Final = 100_000  # characters of a document that isn't to be cut: else no model takes it
ENOUGH: Final = 65_536  # characters that are waited for before anything is cut
UNSETTLED: Final = 16  # units at the end of what was read that may change with what follows
BREAKS: Final = (  # the strongest first; each ends where something new begins
    re.compile(r"\n[^\S\n]*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"[.!?:;\u3002]\s+"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True)
class Piece:
    """What becomes a passage."""

    text: str
    place: Place


@dataclass(frozen=True)
class _Mark:
    """What holds from here on."""

    start: int
    page: int | None
    headings: tuple[str, ...]


@dataclass
class _Stretch:
    """Text in which cuts may fall anywhere; `start` is where it begins in the document."""

    chunking: Chunking
    start: int
    text: str = ""
    marks: list[_Mark] = field(default_factory=list)
    tail: int = 0  # units at the beginning that a piece before had already
    told: int = 0  # where the last piece ended: what follows has to have more than that

    def add(self, section: Section) -> None:
        """Go on with a section."""
        mark = _Mark(self.start + len(self.text), section.page, section.headings)
        last = self.marks[-1] if self.marks else None
        if not last or (last.page, last.headings) != (mark.page, mark.headings):
            self.marks.append(mark)
        self.text += section.text

    def cut(self, *, is_over: bool) -> Iterator[Piece]:
        """Yield what can be told already, or all there is; what is done with is let go."""
        starts = _units(self.text, self.chunking)
        count = len(starts) - 1
        size, overlap = _measures(self.chunking)
        settled = count if is_over else count - UNSETTLED
        first = 0
        while first + size < settled:
            end = self._best(starts, first + max(size // 2, overlap + 1), first + size)
            yield from self._piece(starts[first], starts[end])
            first = end - overlap
            self.tail = overlap
        if is_over:
            if count - first > self.tail:
                yield from self._piece(starts[first], starts[count])
            return
        self._let_go(starts[first] if first else 0)

    def _best(self, starts: Sequence[int], low: int, high: int) -> int:
        """Return the unit before which the strongest break is; the last of equals."""
        before = self.text[starts[low - 1] : starts[low]].rstrip()
        begin, end = starts[low - 1] + max(0, len(before) - 1), starts[high]
        for kind in BREAKS:
            last = deque(kind.finditer(self.text, begin, end), maxlen=1)
            if last:
                return bisect_left(starts, last[0].end())
        return high

    def _piece(self, begin: int, until: int) -> Iterator[Piece]:
        text = self.text[begin:until]
        start = self.start + begin + len(text) - len(text.lstrip())
        text = text.strip()
        end = start + len(text)
        if end > self.told and text:
            self.told = end
            yield Piece(text, self._place(start, end))

    def _place(self, start: int, end: int) -> Place:
        first, last = self._mark_at(start), self._mark_at(end - 1)
        held = self.marks[first : last + 1]
        headings = _shared([mark.headings for mark in held])
        return Place(start, end, held[0].page, held[-1].page, headings)

    def _mark_at(self, place: int) -> int:
        return bisect_right(self.marks, place, key=lambda mark: mark.start) - 1

    def _let_go(self, until: int) -> None:
        self.text, self.start = self.text[until:], self.start + until
        del self.marks[: self._mark_at(self.start)]


async def cut(sections: AsyncIterator[Section], chunking: Chunking) -> AsyncIterator[Piece]:
    """Yield the pieces of a document as its sections come."""
    read, stretch, waiting = 0, None, 0
    async for section in sections:
        if stretch and not _goes_on(stretch, section):
            for piece in stretch.cut(is_over=True):
                yield piece
            stretch = None
        if stretch is None:
            stretch, waiting = _Stretch(chunking, read), 0
        stretch.add(section)
        read, waiting = read + len(section.text), waiting + len(section.text)
        if waiting >= ENOUGH:
            waiting = 0
            for piece in stretch.cut(is_over=False):
                yield piece
    for piece in stretch.cut(is_over=True) if stretch else ():
        yield piece


def _goes_on(stretch: _Stretch, section: Section) -> bool:
    """Tell whether no cut has to fall before a section."""
    if stretch.chunking.strategy is not Strategy.STRUCTURE:
        return True
    last = stretch.marks[-1]
    if section.whole or section.page != last.page:
        return False
    if section.headings == last.headings:
        return True
    return _are_neighbours(stretch, section)


def _are_neighbours(stretch: _Stretch, section: Section) -> bool:
    """Tell whether two things are said under one heading and are short enough for one piece."""
    size = stretch.chunking.size
    if len(stretch.text) + len(section.text) > 8 * size:  # no token is longer
        return False
    together = _shared([stretch.marks[0].headings, section.headings])
    return bool(together) and count_tokens(stretch.text) + count_tokens(section.text) <= size


def _units(text: str, chunking: Chunking) -> Sequence[int]:
    """Return where each unit begins, and the text's end."""
    if chunking.strategy in {Strategy.FIXED, Strategy.NONE}:
        return range(len(text) + 1)
    return starts_of(text)


def _measures(chunking: Chunking) -> tuple[int, int]:
    if chunking.strategy is Strategy.NONE:
        return MOST_UNCUT, 0
    return chunking.size, chunking.overlap


def _shared(several: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the headings that stand above all of them."""
    together = zip(*several, strict=False)
    same = []
    for each in together:
        if len(set(each)) > 1:
            break
        same.append(each[0])
    return tuple(same)
