"""Text of HTML pages: what a person would read, without markup, scripts and styles."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.plain import decoded
from lisa.domain.document import Document, Passage, collected

UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "object"})
BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li"}
    | {"main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot"}
    | {"thead", "title", "tr", "ul"}
)
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
SPACE: Final = re.compile(r"\s+")
FED_AT_ONCE: Final = 64 * 1024


def read(content: bytes) -> Document:
    """Return its passages, a new one at each heading."""
    return collected("html", _passages(decoded(content)))


def _passages(text: str) -> Iterator[Passage]:
    seen = _Seen()
    for start in range(0, len(text), FED_AT_ONCE):
        seen.feed(text[start : start + FED_AT_ONCE])
        yield from seen.taken()
    seen.close()
    yield from seen.taken()
    yield from seen.outline.rest()


class _Seen(HTMLParser):
    """Follows the markup; a heading is collected until it ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.outline = Outline()
        self._done: list[Passage] = []
        self._unseen = 0
        self._heading: list[str] | None = None
        self._preformatted = 0

    def taken(self) -> list[Passage]:
        """Hand over the passages that are complete."""
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
