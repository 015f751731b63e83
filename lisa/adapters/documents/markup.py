"""XML as lines of names and text, indented as its elements are nested."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final
from xml.parsers import expat  # it bounds how much entities grow, and loads none

from lisa.adapters.documents import faults, plain
from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

BLOCK: Final = 64 * 1024
ENTITIES_GROW: Final = 43  # XML_ERROR_AMPLIFICATION_LIMIT_BREACH
DEEPEST: Final = 200


def read(source: Source) -> Iterator[Section]:
    """Yield what its elements say; what isn't well-formed is told as it stands."""
    if not _is_well_formed(source):
        source.warnings.append("it isn't well-formed XML; it was read as plain text")
        yield from plain.read(source)
        return
    told = _Told()
    with source.open() as file:
        for _ in _parsed(told.parser, file):
            yield from told.taken()
    yield from told.taken()
    yield from told.outline.rest()


def _is_well_formed(source: Source) -> bool:
    try:
        with source.open() as file:
            for _ in _parsed(expat.ParserCreate(), file):
                pass
    except expat.ExpatError as fault:
        if fault.code == ENTITIES_GROW:
            raise faults.too_complex("has entities that grow without end") from fault
        return False
    except (LookupError, ValueError):  # an encoding that isn't known, or isn't one
        return False
    return True


def _parsed(parser: expat.XMLParserType, file: BinaryIO) -> Iterator[None]:
    while block := file.read(BLOCK):
        parser.Parse(block, False)  # noqa: FBT003 - it takes no keywords
        yield
    parser.Parse(b"", True)  # noqa: FBT003 - as above


class _Told:
    """Follows the elements; one with words between its children is told as one text."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._hear
        self.outline = Outline(exact=True)
        self._done: list[Section] = []
        self._names: list[str] = []
        self._text: list[str] = []
        self._is_named = True  # the element under way was told already
        self._mixed_at = 0

    def taken(self) -> list[Section]:
        """Hand over the sections that are complete."""
        done, self._done = self._done, []
        return done

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._mixed_at:
            self._names.append(name)
            return
        if "".join(self._text).strip():
            self._mixed_at = len(self._names)
            self._names.append(name)
            return
        self._tell_name()
        if len(self._names) >= DEEPEST:
            raise faults.too_complex("is nested too deep")
        noted = ", ".join(f"{key}={value}" for key, value in attributes.items())
        self._names.append(f"{name} ({noted})" if noted else name)
        self._is_named = False

    def _end(self, name: str) -> None:
        del name
        depth = len(self._names)
        if self._mixed_at and depth > self._mixed_at:
            self._names.pop()
            return
        text = " ".join("".join(self._text).split())
        self._text.clear()
        self._mixed_at = 0
        if text or not self._is_named:
            self._say(f"{self._names[-1]}: {text}" if text else self._names[-1])
        self._is_named = True
        self._names.pop()

    def _hear(self, text: str) -> None:
        self._text.append(text)

    def _tell_name(self) -> None:
        if not self._is_named:
            self._say(f"{self._names[-1]}:")
        self._text.clear()
        self._is_named = True

    def _say(self, line: str) -> None:
        indent = "  " * (len(self._names) - 1)
        self._done += self.outline.say(f"{indent}{line}\n")
