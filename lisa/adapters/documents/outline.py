"""Cuts what is told in order into sections, one under each heading."""

import re
from collections.abc import Iterator
from typing import Final

from lisa.adapters.documents.charset import LONG
from lisa.ports.extraction import Section

LONG_TITLE: Final = 200  # characters
BLANK_LINES: Final = re.compile(r"\n(?:[^\S\n]*\n)+")


class Outline:
    """Collects text until the next heading comes; `exact` keeps the text as it stands."""

    def __init__(
        self, *, exact: bool = False, page: int | None = None, above: tuple[str, ...] = ()
    ) -> None:
        self._exact = exact
        self._page = page
        self._path = [(-1, title) for title in above]
        self._said: list[str] = []
        self._size = 0
        self._is_heading = False  # and nothing else was said yet

    @property
    def headings(self) -> tuple[str, ...]:
        """Return what the text stands under, the outermost first."""
        return tuple(title for _, title in self._path)

    def say(self, text: str) -> Iterator[Section]:
        """Add to the section under way; a very long one ends at the end of a line."""
        self._said.append(text)
        self._size += len(text)
        self._is_heading = False
        if self._size > LONG and (text.endswith("\n") or self._size > 2 * LONG):
            yield from self.rest()

    def head(self, level: int, title: str) -> Iterator[Section]:
        """End the section under way and begin one with this heading, which is said as well."""
        title = " ".join(title.split())
        yield from self.begin(level, title)
        if title:
            yield from self.say(f"{'#' * level} {title}\n")
            self._is_heading = True

    def begin(self, level: int, title: str) -> Iterator[Section]:
        """End the section under way; what is said from here on stands under this heading."""
        yield from self.rest()
        self._path = [each for each in self._path if each[0] < level]
        if title:
            self._path.append((level, title[:LONG_TITLE]))

    def tell(self, text: str) -> Iterator[Section]:
        """End the section under way and tell one that is better not cut; a heading goes along."""
        if self._is_heading:
            text = "".join(self._said) + text
            self._said.clear()
        yield from self.rest()
        yield Section(text, self._page, self.headings, whole=True)

    def rest(self) -> Iterator[Section]:
        """End the section under way."""
        text = "".join(self._said)
        self._said.clear()
        self._size, self._is_heading = 0, False
        if not self._exact and (text := text.strip()):
            text = BLANK_LINES.sub("\n\n", text) + "\n\n"
        if text:
            yield Section(text, self._page, self.headings)
