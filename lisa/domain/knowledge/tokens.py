"""Tokens as LISA counts them: pieces of words, near to what tokenizers of models make of a text.

A model's own tokenizer is known only to the model; this one is the same everywhere and for ever,
so that the same document is always cut at the same places.
"""

import re
from itertools import accumulate
from typing import Final

PIECE: Final = re.compile(
    r"[A-Za-z\u00c0-\u024f]{1,8}"  # letters of Latin words
    r"|\d{1,3}"
    r"|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"  # Chinese and Japanese signs
    r"|[^\W\d_a-zA-Z\u00c0-\u024f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{1,2}"
    r"|\S"
)
WITH_SPACE: Final = re.compile(rf"(?:{PIECE.pattern})\s*")  # after it


def starts_of(text: str) -> list[int]:
    """Return where each token begins, and the text's end; between them are tokens and space."""
    first = len(text) - len(text.lstrip())
    return list(accumulate(map(len, WITH_SPACE.findall(text, first)), initial=first))


def count_tokens(text: str) -> int:
    """Return how many tokens a text has."""
    return len(PIECE.findall(text))
