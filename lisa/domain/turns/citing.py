"""Which passages an answer rests on: by its own markers or, where it has none, by its words.

A marker is `[1]` or `[1, 3]`, with numbers of passages that the model was told. An answer without
any is compared with the passages of its own turn: a sentence of at least FEWEST_WORDS words is
taken to rest on the passage that has most of its pairs of neighbouring words, if that has at least
the share REPEATED of them. The same answer and passages always give the same citations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from lisa.domain.knowledge.words import words_of
from lisa.domain.turns.shape import Wire

REPEATED: Final = 0.5
FEWEST_WORDS: Final = 5
MOST_CITATIONS: Final = 500
MOST_SENTENCES: Final = 1000
LONGEST_COMPARED: Final = 4000  # characters of a sentence
LONGEST_QUOTE: Final = 500

_MARKER: Final = re.compile(r"\[(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\](?!\()")
_SENTENCE: Final = re.compile(
    r"[^\s].*?(?:[.!?][\"')\]]*(?=\s|$)|[。！？]|(?=\n|$))",  # noqa: RUF001 - Chinese and Japanese end sentences with them
)
Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text, and where it ends."""

    text: str
    end: int


@dataclass
class Sources:
    """The passages that a model was told, by their numbers; `now` are those of its own turn."""

    known: dict[int, Wire] = field(default_factory=dict)
    now: set[int] = field(default_factory=set)

    def add(self, passages: Sequence[Wire], *, now: bool) -> None:
        """Take note of passages."""
        for passage in passages:
            number = passage.get("number")
            if isinstance(number, int) and number > 0:
                self.known[number] = passage
                self.now |= {number} if now else set()

    def number_of(self, passage: Wire) -> int:
        """Return the number of a passage: the one that it has had, or the next."""
        place = _place(passage)
        found = (number for number, known in self.known.items() if _place(known) == place)
        return next(found, max(self.known, default=0) + 1)

    def citations(self, text: str) -> list[Wire]:
        """Return what a text cites, in the order in which it does."""
        if not self.known:
            return []
        marked = list(self._marked(text))
        return (marked or list(self._repeated(text)))[:MOST_CITATIONS]

    def _marked(self, text: str) -> Iterator[Wire]:
        begun = 0
        for marker in _MARKER.finditer(text):
            said = text[begun : marker.start()]
            begun = marker.end()
            for number in dict.fromkeys(int(each) for each in re.findall(r"\d+", marker[1])):
                if number in self.known:
                    yield _citation(self.known[number], marker.start(), _last_sentence(said))

    def _repeated(self, text: str) -> Iterator[Wire]:
        pairs_of = {number: _pairs(self.known[number]["text"]) for number in sorted(self.now)}
        for sentence in sentences_of(text):
            share, number = max(
                ((_share(sentence.text, pairs), -number) for number, pairs in pairs_of.items()),
                default=(0.0, 0),
            )
            if share >= REPEATED:
                yield _citation(self.known[-number], sentence.end, sentence.text)


def sentences_of(text: str) -> list[Sentence]:
    """Return the sentences of a text in order, not more than are compared."""
    found = (Sentence(each[0], each.end()) for each in _SENTENCE.finditer(text))
    return [each for each, _ in zip(found, range(MOST_SENTENCES), strict=False)]


def _citation(passage: Wire, index: int, said: str) -> Wire:
    ours = ("number", "page", "last_page", "start", "end", "ordinal", "collection")
    told = {name: passage[name] for name in ours if passage.get(name) is not None}
    return {
        "type": "file_citation",
        "index": index,
        "file_id": passage["file_id"],
        "filename": passage["filename"],
        **told,
        "quote": _quote(passage["text"], said),
    }


def _quote(text: str, said: str) -> str:
    """Return the sentence of a passage that has most of what was said; else how it begins."""
    pairs = _pairs(said[:LONGEST_COMPARED])
    sentences = sentences_of(text) or [Sentence(text, len(text))]
    best = max(sentences, key=lambda each: len(pairs & _pairs(each.text)))
    return best.text[:LONGEST_QUOTE]


def _last_sentence(said: str) -> str:
    sentences = sentences_of(said[-LONGEST_COMPARED:])
    return sentences[-1].text if sentences else ""


def _share(sentence: str, pairs: Pairs) -> float:
    own = _pairs(sentence[:LONGEST_COMPARED])
    return len(own & pairs) / len(own) if len(own) >= FEWEST_WORDS - 1 else 0.0


def _pairs(text: str) -> Pairs:
    return frozenset(pairwise(words_of(text).split(" ")))


def _place(passage: Wire) -> tuple[object, ...]:
    return tuple(passage.get(name) for name in ("collection", "file_id", "start", "end", "text"))
