"""The document port: text out of the files that people have."""

from typing import Protocol

from lisa.domain.document import Document


class DocumentReader(Protocol):
    """Reads files of any sort, told apart by what they contain."""

    async def read(self, content: bytes) -> Document:
        """Return the text of a file, or only the type of an image.

        Raises `Invalid` with one of these codes: `file_empty`, `file_encrypted`, `file_broken`,
        `file_type_unknown`, `file_without_text`, `file_too_complex`; `TooLarge` for one over the
        limit; `Unavailable` where too many are being read.
        """
