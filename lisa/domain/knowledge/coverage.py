"""How much of a question's words a text has, the same for every store and language."""

import math
from collections.abc import Sequence
from typing import Final

from lisa.domain.knowledge.words import asked_words, words_of

SHORTEST: Final = 4  # letters that are left of a longer word
ENDING: Final = 3  # letters in which the forms of a word may differ


def coverage(question: str, texts: Sequence[str]) -> list[float]:
    """Return the part, from 0 to 1, of a question that each text has.

    A word weighs more the fewer of the texts have it; what none has weighs most, so that words
    say little about a question that was asked in others than those of the texts.
    """
    asked = frozenset(map(_stem, asked_words(question).split()))
    held = [_held(asked, text) for text in texts]
    weights = {word: _rarity(len(texts), sum(word in words for words in held)) for word in asked}
    whole = sum(weights.values())
    return [sum(weights[word] for word in words) / whole if whole else 0.0 for words in held]


def _held(asked: frozenset[str], text: str) -> frozenset[str]:
    beginnings = {stem[:SHORTEST] for stem in asked}  # few words of a text come further
    words = {word for word in words_of(text).split() if word[:SHORTEST] in beginnings}
    return asked.intersection(map(_stem, words))


def _stem(word: str) -> str:
    return word[: max(SHORTEST, len(word) - ENDING)]


def _rarity(texts: int, having: int) -> float:
    return math.log(1 + (texts - having + 0.5) / (having + 0.5))
