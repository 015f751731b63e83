"""Cuts what is told in order into passages, one under each heading."""

from collections.abc import Iterator
from typing import Final

from lisa.domain.document import Passage

LONG: Final = 32_000  # characters


class Outline:
    """Collects text until the next heading comes."""

    def __init__(self) -> None:
        self._path: list[tuple[int, str]] = []
        self._said: list[str] = []
        self._size = 0

    def say(self, text: str) -> Iterator[Passage]:
        """Add to the passage under way; a very long one ends at the end of a line."""
        self._said.append(text)
        self._size += len(text)
        if self._size > LONG and text.endswith("\n"):
            yield from self.rest()

    def head(self, level: int, title: str) -> Iterator[Passage]:
        """End the passage under way and begin one with this heading."""
        yield from self.rest()
        title = " ".join(title.split())
        self._path = [each for each in self._path if each[0] < level]
        if title:
            self._path.append((level, title))
            yield from self.say(f"{'#' * level} {title}\n")

    def rest(self) -> Iterator[Passage]:
        """End the passage under way."""
        text = "".join(self._said).strip()
        self._said.clear()
        self._size = 0
        if text:
            yield Passage(text, headings=tuple(title for _, title in self._path))
