"""Text of PDF documents, page by page."""

from collections.abc import Iterator
from typing import Any, Final

from lisa.adapters.documents import faults
from lisa.adapters.documents.pdf_pages import PageTexts
from lisa.adapters.documents.pdf_tables import Tables, tables_of
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

NEED_PASSWORD: Final = (4, 5)  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
PAGE_ENDS: Final = "\n\n"
PATH: Final = 2  # FPDF_PAGEOBJ_PATH
DEPTH: Final = 5  # of forms within forms


def read(source: Source) -> Iterator[Section]:
    """Yield its pages; one that can't be read is left out."""
    # Here, as loading the native library takes time that only the worker shall pay for.
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; see above

    document = _opened(source, pypdfium2)
    source.pages = len(document)
    texts, tables = PageTexts(document), tables_of(source)
    unread, empty = [], 0
    for number in range(1, len(document) + 1):
        try:
            sections = _tables(document, number, tables) or _page(texts, number)
        except pypdfium2.PdfiumError:
            unread.append(number)
            continue
        empty += not sections
        yield from sections
    if len(unread) == len(document):
        raise faults.broken()
    _warn(source, unread, empty)


def _opened(source: Source, pypdfium2: Any) -> Any:
    try:
        return pypdfium2.PdfDocument(source.content)
    except pypdfium2.PdfiumError as fault:
        if getattr(fault, "err_code", None) in NEED_PASSWORD:
            raise faults.encrypted() from fault
        raise faults.broken() from fault


def _tables(document: Any, number: int, tables: Tables | None) -> list[Section]:
    """Return a page on which tables are; nothing where there are none, or nobody asked."""
    if not tables:
        return []
    page = document[number - 1]
    try:
        return tables.page(number) if _has_drawings(page) else []
    finally:
        page.close()


def _page(texts: PageTexts, number: int) -> list[Section]:
    text = _cleaned(texts.page(number))
    return [Section(f"{text}{PAGE_ENDS}", number)] if text else []


def _has_drawings(page: Any) -> bool:
    """Tell whether lines are on it: without there is no table that would be found."""
    return any(True for _ in page.get_objects(filter=(PATH,), max_depth=DEPTH))


def _cleaned(text: str) -> str:
    """Join words that were hyphenated at a line's end, and leave out what is no character."""
    joined = text.replace("\ufffe\r\n", "").replace("\ufffe", "").replace("\x02", "")
    return joined.replace("\r\n", "\n").replace("\x00", "").strip()


def _warn(source: Source, unread: list[int], empty: int) -> None:
    if unread:
        pages = ", ".join(map(str, unread[:20]))
        source.warnings.append(f"{len(unread)} pages are damaged and were left out: {pages}")
    if empty:
        source.warnings.append(f"{empty} of {source.pages} pages have no text; they may be scans")
