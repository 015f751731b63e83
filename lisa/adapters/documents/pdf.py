"""Text of PDF documents, page by page."""

from collections.abc import Iterator
from typing import Any, Final

from lisa.adapters.documents import faults
from lisa.domain.document import Document, Passage, collected

NEED_PASSWORD: Final = (4, 5)  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


def read(content: bytes) -> Document:
    """Return its pages."""
    # Here, as loading the native library takes time that only the worker shall pay for.
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; see above

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        if getattr(fault, "err_code", None) in NEED_PASSWORD:
            raise faults.encrypted() from fault
        raise faults.broken() from fault
    try:
        return collected("pdf", _pages(document), pages=len(document))
    except pypdfium2.PdfiumError as fault:
        raise faults.broken() from fault


def _pages(document: Any) -> Iterator[Passage]:
    for place in range(len(document)):
        page = document[place]
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        text_page.close()
        page.close()
        yield Passage(_cleaned(text), page=place + 1)


def _cleaned(text: str) -> str:
    """Join words that were hyphenated at a line's end, and leave out what is no character."""
    joined = text.replace("\ufffe\r\n", "").replace("\ufffe", "").replace("\x02", "")
    return joined.replace("\r\n", "\n").replace("\x00", "").strip()
