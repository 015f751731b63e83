"""What a reader is given, and where it notes what it finds out on the way."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

EVERYTHING: Final = (
    "a PDF, an Office document (.docx, .pptx, .xlsx), HTML, an e-mail (.eml) "
    "or plain text of any sort"
)


@dataclass
class Source:
    """A file in memory or on disk; `readable` says in words what is read where it came from."""

    content: Path | bytes
    name: str = ""
    tables: bool = False
    readable: str = EVERYTHING
    pages: int | None = None
    warnings: list[str] = field(default_factory=list)

    def open(self) -> BinaryIO:
        """Return its bytes from the first on."""
        return BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")

    @property
    def size(self) -> int:
        """How many bytes it has."""
        content = self.content
        return len(content) if isinstance(content, bytes) else content.stat().st_size

    @property
    def suffix(self) -> str:
        """How its name ends, such as `.md`; upper and lower case are the same."""
        return Path(self.name).suffix.lower()
