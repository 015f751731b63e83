"""A text as the words that are looked for, cut the same way for every store.

Stores differ in what they take for a word (`os.path`, `snake_case`, `a/b.txt`); here a word is what
stands between anything but letters and digits. Writing without spaces is cut into pairs.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

MOST_BYTES: Final = 400_000  # what a text index takes of one passage
MOST_ASKED: Final = 128  # different words of one question

_WORD: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def words_of(text: str) -> str:
    """Return a text's words in lower case with a space between."""
    return " ".join(_words(_readable(text)))


def asked_words(text: str) -> str:
    """Return the different words of a question in their order, not more than stores compare."""
    return " ".join(list(dict.fromkeys(_words(_readable(text))))[:MOST_ASKED])


def _readable(text: str) -> str:
    kept = text.encode(errors="ignore")[:MOST_BYTES].decode(errors="ignore")
    return unicodedata.normalize("NFKC", kept).casefold()


def _words(text: str) -> Iterator[str]:
    if not _UNSPACED.search(text):
        yield from _WORD.findall(text)
        return
    for word in _WORD.findall(text):
        start = 0
        for run in _UNSPACED.finditer(word):
            yield from filter(None, [word[start : run.start()]])
            yield from _pairs(run[0])
            start = run.end()
        yield from filter(None, [word[start:]])


def _pairs(run: str) -> Iterator[str]:
    yield from (run[place : place + 2] for place in range(max(len(run) - 1, 1)))
