"""Which reader reads which kind of file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from lisa.adapters.documents import (
    letter,
    lined,
    markup,
    page,
    pdf,
    plain,
    records,
    separated,
    sheets,
    slides,
    word,
)
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

Read: TypeAlias = Callable[[Source], Iterator[Section]]

READERS: Final[Mapping[str, Read]] = {
    "pdf": pdf.read,
    "docx": word.read,
    "html": page.read,
    "pptx": slides.read,
    "xlsx": sheets.read,
    "markdown": lined.markdown,
    "email": letter.read,
    "csv": separated.read,
    "json": records.read,
    "yaml": lined.yaml,
    "xml": markup.read,
    "code": lined.code,
    "text": plain.read,
}
