"""Text of single pages of a PDF, asked of the native library itself.

Its objects in Python watch one another's lives, which takes longer than the text of a short page.
"""

import ctypes
from typing import Any, Final

SIGN: Final = ctypes.sizeof(ctypes.c_ushort)
ROOM: Final = 16_384  # signs that most pages have fewer than
MOST_SIGNS: Final = 2  # for one character, in UTF-16


class PageTexts:
    """Reads the pages of an open document one after another; raises where one is damaged."""

    def __init__(self, document: Any) -> None:
        # Here, as loading the native library takes time that only the worker shall pay for.
        import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; see above

        self._document = document
        self._native, self._damaged = pypdfium2.raw, pypdfium2.PdfiumError
        self._room = (ctypes.c_ushort * ROOM)()

    def page(self, number: int) -> str:
        """Return the text of a page, the first is 1; lines end as the file has them."""
        page = self._native.FPDF_LoadPage(self._document, number - 1)
        if not page:
            raise self._damaged("a page can't be loaded")
        try:
            return self._text_of(page)
        finally:
            self._native.FPDF_ClosePage(page)

    def _text_of(self, page: Any) -> str:
        text = self._native.FPDFText_LoadPage(page)
        if not text:
            raise self._damaged("a page's text can't be loaded")
        try:
            return self._read(text)
        finally:
            self._native.FPDFText_ClosePage(text)

    def _read(self, text: Any) -> str:
        count = self._native.FPDFText_CountChars(text)
        if count < 0:
            raise self._damaged("a page's characters can't be counted")
        needed = count * MOST_SIGNS + 1
        if needed > len(self._room):
            self._room = (ctypes.c_ushort * (2 * needed))()
        written = self._native.FPDFText_GetText(text, 0, count, self._room)  # with what ends it
        return ctypes.string_at(self._room, max(0, written - 1) * SIGN).decode(
            "utf-16-le", "ignore"
        )
