"""How much of a document a model reads at once, and where to cut it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lisa.domain.document import BYTES_PER_TOKEN, tokens
from lisa.domain.errors import Invalid
from lisa.domain.model import Model

WINDOW_OF_THE_UNKNOWN: Final = 8192
MOST_READ: Final = 100_000  # tokens; models lose their way in more
TRUSTED: Final = 0.85  # of a window, as tokens are only estimated
OF_A_NOTE: Final = 0.15  # of a window, at most
LONGEST_NOTE: Final = 2000
WORDS_PER_TOKEN: Final = 0.5
INSTRUCTIONS: Final = 200
CUTS: Final = ("\n\n", "\n", ". ", " ")


@dataclass(frozen=True)
class Room:
    """How many bytes of text one call reads, and how many it may note of them."""

    part: int
    note: int

    @property
    def words(self) -> int:
        """Return the length of a note in words, as people ask for it."""
        return int(self.note / BYTES_PER_TOKEN * WORDS_PER_TOKEN)


def room_of(model: Model, wish: str) -> Room:
    """Divide a model's window among instructions, text and answer."""
    window = model.context_window or WINDOW_OF_THE_UNKNOWN
    note = min(LONGEST_NOTE, int(window * OF_A_NOTE))
    part = min(MOST_READ, int(window * TRUSTED) - note - INSTRUCTIONS - tokens(wish))
    if part < 3 * note:  # so that joining notes leaves fewer of them
        raise Invalid(
            f"the model {model.id} reads {window:,} tokens at once, too few to summarise with",
            next_step="take a model with a larger context window, or ask in fewer words",
            code="context_too_long",
        )
    return Room(part * BYTES_PER_TOKEN, note * BYTES_PER_TOKEN)


def portions(text: str, most: int) -> list[str]:
    """Cut a text into pieces of at most so many bytes, between paragraphs where that can be."""
    pieces, start = [], 0
    while start < len(text):
        piece = shortened(text[start : start + most], most)
        if start + len(piece) < len(text):
            piece = piece[: _cut(piece)]
        pieces.append(piece)
        start += len(piece)
    return [piece.strip() for piece in pieces if piece.strip()]


def groups(texts: Sequence[str], most: int) -> list[str]:
    """Join successive texts as long as they have at most so many bytes together."""
    joined: list[str] = []
    for text in texts:
        both = f"{joined[-1]}\n\n{text}" if joined else text
        if joined and len(both.encode()) <= most:
            joined[-1] = both
        else:
            joined.append(text)
    return joined


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text, as much as has so many bytes."""
    return text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")


def _cut(piece: str) -> int:
    """Find the last good place in the second half of a piece."""
    for mark in CUTS:
        place = piece.rfind(mark, len(piece) // 2)
        if place >= 0:
            return place + len(mark)
    return len(piece)
