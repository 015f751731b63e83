"""Words as Lucene's `standard` analyzer cuts them; `english` drops and stems less than Lucene."""

import re
from collections.abc import Callable, Mapping
from typing import Final

_WORD: Final = re.compile(r"[\u3040-\u309f\u4e00-\u9fff]|[^\W\u3040-\u309f\u4e00-\u9fff]+")
_STOP_WORDS: Final = """
a an and are as at be but by for if in into is it no not of on or such that the their then there
these they this to was will with
"""
_STOP: Final = frozenset(_STOP_WORDS.split())
_ENDING: Final = re.compile(r"(?<=\w{3})(?:ing|ed|es|s)$")


def standard(text: str) -> list[str]:
    """Return the words in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def english(text: str) -> list[str]:
    """Return the words that mean something, without their endings."""
    return [_ENDING.sub("", word) for word in standard(text) if word not in _STOP]


ANALYZERS: Final[Mapping[str, Callable[[str], list[str]]]] = {
    "standard": standard,
    "english": english,
}
