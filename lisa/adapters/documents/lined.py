"""Text whose lines say where something new begins: Markdown, YAML, source code. It stays exact."""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from lisa.adapters.documents import charset
from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

Beginning: TypeAlias = tuple[int, str]  # level and title
Begins: TypeAlias = Callable[[str], Beginning | None]

ATX: Final = re.compile(r" {0,3}(#{1,6})\s")
FENCE: Final = re.compile(r"\s{0,3}(```|~~~)")
UNDERLINE: Final = re.compile(r"(=+|-{3,})\s*$")
KEY_OF_A_BLOCK: Final = re.compile(r"([\w\"'][^:#\n]{0,100}):\s*([|>&!][^\n]{0,40})?$")
DEFINITION: Final = re.compile(
    r"(?:(?:export|default|public|private|protected|internal|static|abstract|final|sealed|data|open"
    r"|async|pub(?:\([a-z]+\))?|unsafe|partial|declare|inline|override|case|local)\s+){0,6}"
    r"(?:class|struct|interface|enum|trait|impl|fn|func|fun|function|def|module|namespace|type"
    r"|object|record|protocol|extension|sub|message|service|defmodule)\b\*?\s*"
    r"(?:\([^)\n]{0,80}\)\s*)?([\w.:$]+)"
)
CONSTANT_FUNCTION: Final = re.compile(
    r"(?:export\s+)?(?:const|let|var)\s+([\w$]+)\s*=\s*(?:async\s+)?(?:function\b|\([^\n]*=>)"
)
LEADS_ON: Final = re.compile(r"@|#(?!!)|//|/\*|\s?\*|\[")  # decorators, comments: of what follows
MOST_LEADING: Final = 100


def markdown(source: Source) -> Iterator[Section]:
    """Yield a section below each heading."""
    with charset.text_of(source) as text:
        yield from _cut(_underlined(charset.lines(text)), _Headings())


def yaml(source: Source) -> Iterator[Section]:
    """Yield a section for each block at the top, named by its key."""
    with charset.text_of(source) as text:
        yield from _cut(charset.lines(text), _key)


def code(source: Source) -> Iterator[Section]:
    """Yield a section for each definition at the top, with what is said right before it."""
    with charset.text_of(source) as text:
        yield from _cut(_with_comments(charset.lines(text)), _definition)


def _cut(stretches: Iterator[str], begins: Begins) -> Iterator[Section]:
    outline = Outline(exact=True)
    for stretch in stretches:
        if beginning := begins(stretch):
            yield from outline.begin(*beginning)
        yield from outline.say(stretch)
    yield from outline.rest()


class _Headings:
    """Knows whether it is within a block of code, where nothing is a heading."""

    def __init__(self) -> None:
        self._is_code = False

    def __call__(self, line: str) -> Beginning | None:
        """Return the heading that a line, or two with an underline, is."""
        if FENCE.match(line):
            self._is_code = not self._is_code
        if self._is_code:
            return None
        if found := ATX.match(line):
            return len(found.group(1)), line.strip().strip("#").strip()
        title, _, under = line.rstrip().rpartition("\n")
        return (1 if under[0] == "=" else 2, title.strip()) if title else None


def _underlined(lines: Iterator[str]) -> Iterator[str]:
    """Put a line that stands alone and the line drawn under it together."""
    before, held = "", ""
    for line in lines:
        if held.strip() and not before.strip() and UNDERLINE.match(line):
            yield held + line
            before, held = line, ""
            continue
        if held:
            yield held
        before, held = held, line
    yield held


def _key(line: str) -> Beginning | None:
    if found := KEY_OF_A_BLOCK.match(line.rstrip()):
        return 1, found.group(1).strip("\"' ")
    is_of_the_block = line[:1] in {" ", "\t", "\n", "#"} or line.startswith("- ")
    return None if is_of_the_block else (1, "")


def _with_comments(lines: Iterator[str]) -> Iterator[str]:
    """Put a definition and the comments and decorators above it together."""
    held: list[str] = []
    for line in lines:
        if LEADS_ON.match(line) and len(held) < MOST_LEADING:
            held.append(line)
            continue
        if held and not _named(line):
            yield "".join(held)
            held.clear()
        yield "".join(held) + line
        held.clear()
    yield "".join(held)


def _definition(stretch: str) -> Beginning | None:
    name = _named(stretch.rstrip("\n").rpartition("\n")[2])
    return (1, name) if name else None


def _named(line: str) -> str:
    found = DEFINITION.match(line) or CONSTANT_FUNCTION.match(line)
    return found.group(1) if found else ""
