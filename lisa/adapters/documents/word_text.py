"""The words of a Word document's elements.

python-docx asks for each paragraph's by XPath, which takes most of the time of a reading, and
passes over what is tracked as inserted or stands in fields to fill in.
"""

from collections.abc import Iterator
from typing import Any, Final

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH: Final = f"{W}p"
TABLE: Final = f"{W}tbl"
AROUND_BLOCKS: Final = frozenset(
    W + name for name in ("customXml", "ins", "moveTo", "sdt", "sdtContent")
)
AROUND_WORDS: Final = AROUND_BLOCKS | {
    W + name for name in ("bdo", "dir", "fldSimple", "hyperlink", "r", "smartTag")
}
SIGNS: Final = {f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t", f"{W}tab": "\t"}
TEXT: Final = f"{W}t"
BREAK: Final = f"{W}br"
OF_BREAK: Final = f"{W}type"
OF_LINE: Final = (None, "textWrapping")


def blocks(body: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in the order in which they stand."""
    for element in body:
        if element.tag in {PARAGRAPH, TABLE}:
            yield element
        elif element.tag in AROUND_BLOCKS:
            yield from blocks(element)


def text_of(paragraph: Any) -> str:
    """Return what a person reads in a paragraph."""
    return "".join(_words(paragraph))


def _words(parent: Any) -> Iterator[str]:
    for element in parent:
        tag = element.tag
        if tag == TEXT:
            yield element.text or ""
        elif tag in AROUND_WORDS:
            yield from _words(element)
        elif tag in SIGNS:
            yield SIGNS[tag]
        elif tag == BREAK and element.get(OF_BREAK) in OF_LINE:
            yield "\n"
