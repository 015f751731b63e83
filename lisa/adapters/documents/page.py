"""Text of HTML pages: what a person would read, without markup, scripts and styles."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from lisa.adapters.documents import charset
from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "object"})
BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li"}
    | {"main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot"}
    | {"thead", "title", "tr", "ul"}
)
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
SPACE: Final = re.compile(r"\s+")


def read(source: Source, above: tuple[str, ...] = ()) -> Iterator[Section]:
    """Yield its sections, a new one at each heading; all stand under those `above`."""
    seen = _Seen(above)
    with charset.text_of(source) as text:
        for block in charset.blocks(text):
            seen.feed(block)
            yield from seen.taken()
    seen.close()
    yield from seen.taken()
    yield from seen.outline.rest()


class _Seen(HTMLParser):
    """Follows the markup; a heading is collected until it ends."""

    def __init__(self, above: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self.outline = Outline(above=above)
        self._done: list[Section] = []
        self._unseen = 0
        self._heading: list[str] | None = None
        self._preformatted = 0

    def taken(self) -> list[Section]:
        """Hand over the sections that are complete."""
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        del attrs
        self._unseen += tag in UNSEEN
        self._preformatted += tag == "pre"
        if tag in HEADINGS:
            self._heading = []
        elif tag in BLOCKS:
            self._write("\n")
        elif tag in {"td", "th"}:
            self._write(" | ")

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        self._preformatted = max(0, self._preformatted - (tag == "pre"))
        if tag in HEADINGS and self._heading is not None:
            title, self._heading = "".join(self._heading), None
            self._done += self.outline.head(HEADINGS[tag], title)
        elif tag in BLOCKS:
            self._write("\n")

    def handle_data(self, data: str) -> None:
        """Take text, its white space as a browser shows it."""
        if not self._unseen:
            self._write(data if self._preformatted else SPACE.sub(" ", data))

    def _write(self, text: str) -> None:
        if self._heading is None:
            self._done += self.outline.say(text)
        else:
            self._heading.append(text)
