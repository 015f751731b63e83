"""Tokens as LISA counts them: pieces of words, near to what tokenizers of models make of a text.

A model's own tokenizer is known only to the model; this one is the same everywhere and for ever,
so that the same document is always cut at the same places.
"""

import re
from typing import Final

PIECE: Final = re.compile(
    r"[A-Za-z\u00c0-\u024f]{1,8}"  # letters of Latin words
    r"|\d{1,3}"
    r"|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"  # Chinese and Japanese signs
    r"|[^\W\d_a-zA-Z\u00c0-\u024f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{1,2}"
    r"|\S"
)


def spans_of(text: str) -> list[tuple[int, int]]:
    """Return where each token begins and ends; together they are all that isn't space."""
    return [piece.span() for piece in PIECE.finditer(text)]


def count_tokens(text: str) -> int:
    """Return how many tokens a text has."""
    return sum(1 for _ in PIECE.finditer(text))
