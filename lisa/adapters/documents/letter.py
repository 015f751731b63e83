"""Text of e-mails: who wrote what to whom, and the text files that hang on them."""

from collections.abc import Iterator
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesFeedParser
from typing import BinaryIO, Final

from lisa.adapters.documents import page, plain
from lisa.adapters.documents.charset import CONTROLS, FALLBACK
from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

FIELDS: Final = ("From", "To", "Cc", "Date")
LONGEST_LINE: Final = 1024 * 1024
CODED_LINE: Final = 60  # so long are lines of base64
MOST_CODED: Final = 8 * 1024 * 1024  # of one attachment; a larger one isn't text
DEEPEST: Final = 10  # messages within messages
TEXTS: Final = frozenset({"application/json", "application/xml", "application/yaml", "text/plain"})


def read(source: Source) -> Iterator[Section]:
    """Yield its text; attachments that are no text are named in the warnings."""
    with source.open() as file:
        message = _parsed(file)
    yield from _message(message, source, ())


def _parsed(file: BinaryIO) -> Message:
    """Leave out the greater part of large attachments, whatever memory the machine has."""
    parser, coded = BytesFeedParser(), 0
    while line := file.readline(LONGEST_LINE):
        is_coded = len(line) > CODED_LINE and b" " not in line
        coded = coded + len(line) if is_coded else 0
        if coded <= MOST_CODED:
            parser.feed(line)
    return parser.close()


def _message(message: Message, source: Source, above: tuple[str, ...]) -> Iterator[Section]:
    subject = _field(message, "Subject")
    outline = Outline(above=above)
    yield from outline.head(1, subject)
    for name in FIELDS:
        if value := _field(message, name):
            yield from outline.say(f"{name}: {value}\n")
    yield from outline.say("\n")
    yield from _part(message, source, outline)
    yield from outline.rest()


def _part(part: Message, source: Source, outline: Outline) -> Iterator[Section]:
    kind = part.get_content_type()
    if part.is_multipart():
        yield from _parts(part, kind, source, outline)
    elif part.get_filename() or part.get_content_disposition() == "attachment":
        yield from _attached(part, source, outline)
    elif kind == "text/html":
        yield from outline.rest()
        yield from page.read(_text_source(part), outline.headings)
    elif kind.startswith("text/"):
        yield from outline.say(_text(part) + "\n")
    else:
        source.warnings.append(f"a part of the type {kind} was left out")


def _parts(part: Message, kind: str, source: Source, outline: Outline) -> Iterator[Section]:
    within = [each for each in part.get_payload() if isinstance(each, Message)]
    if kind == "message/rfc822":
        yield from outline.rest()
        if len(outline.headings) > DEEPEST:
            source.warnings.append("a message within many others was left out")
            return
        for message in within:
            yield from _message(message, source, outline.headings)
    elif kind == "multipart/alternative" and within:
        yield from _part(_readable(within), source, outline)
    else:
        for each in within:
            yield from _part(each, source, outline)


def _readable(same: list[Message]) -> Message:
    """Return of parts that say the same the one that is text, or else the last, the richest."""
    for each in same:
        if each.get_content_type() == "text/plain" and _text(each).strip():
            return each
    return same[-1]


def _attached(part: Message, source: Source, outline: Outline) -> Iterator[Section]:
    name = _decoded(part.get_filename() or "") or "attachment"
    kind = part.get_content_type()
    if not kind.startswith("text/") and kind not in TEXTS:
        source.warnings.append(f"the attachment {name} was left out")
        return
    yield from outline.rest()
    read_it = page.read if kind == "text/html" else plain.read
    for section in read_it(_text_source(part)):
        yield Section(section.text, headings=(*outline.headings, name, *section.headings))
    yield Section("\n", headings=outline.headings)


def _text_source(part: Message) -> Source:
    return Source(_text(part).encode("utf-8", "replace").translate(None, CONTROLS))


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for encoding in (part.get_content_charset() or "utf-8", FALLBACK):
        try:
            return content.decode(encoding).replace("\r\n", "\n")
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def _field(message: Message, name: str) -> str:
    return _decoded(str(message.get(name, "")))


def _decoded(value: str) -> str:
    with suppress(HeaderParseError, LookupError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())
