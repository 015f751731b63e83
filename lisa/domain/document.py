"""A document as text, with the pages and headings that it came from."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["pdf", "docx", "html", "text", "image"]

LARGEST_DOCUMENT: Final = 25 * 1024 * 1024
MOST_CHARACTERS: Final = 4_000_000
BYTES_PER_TOKEN: Final = 4  # about; nobody but a model's own tokenizer knows
TOKENS_OF_AN_IMAGE: Final = 1000  # likewise
IMAGES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True)
class Passage:
    """A piece of text, the page it begins on, and the headings it stands under."""

    text: str
    page: int | None = None
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """What was read. One that is `truncated` goes on where the passages end.

    An image has no passages, and `image_type` says how to name its bytes.
    """

    kind: Kind
    passages: tuple[Passage, ...] = ()
    pages: int | None = None
    truncated: bool = False
    image_type: str = ""

    @property
    def text(self) -> str:
        """Return all of it."""
        return "\n\n".join(passage.text for passage in self.passages)

    @property
    def tokens(self) -> int:
        """Estimate what it costs a model to read it."""
        return TOKENS_OF_AN_IMAGE if self.kind == "image" else tokens(self.text)

    def to_json(self) -> bytes:
        """Write it down."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "ignore")

    @classmethod
    def from_json(cls, written: bytes) -> "Document":
        """Read what was written down."""
        fields = json.loads(written)
        passages = (
            Passage(each["text"], each["page"], tuple(each["headings"]))
            for each in fields.pop("passages")
        )
        return cls(**fields, passages=tuple(passages))


def tokens(text: str) -> int:
    """Estimate how many tokens a text is: a quarter of its bytes, which are letters in English."""
    return -(-len(text.encode("utf-8", "ignore")) // BYTES_PER_TOKEN)


def image_type(content: bytes) -> str:
    """Tell by its first bytes which sort of image it is; empty for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((name for magic, name in IMAGES if content.startswith(magic)), "")


def collected(kind: Kind, passages: Iterable[Passage], pages: int | None = None) -> Document:
    """Make a document of passages, as far as there is room for them."""
    left = MOST_CHARACTERS
    kept: list[Passage] = []
    for passage in passages:
        if len(passage.text) > left:
            kept.append(Passage(passage.text[:left], passage.page, passage.headings))
            return Document(kind, tuple(kept), pages, truncated=True)
        left -= len(passage.text)
        if passage.text.strip():
            kept.append(passage)
    return Document(kind, tuple(kept), pages)
