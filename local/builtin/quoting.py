"""Finds the question in what was sent and the sentences beside it that come nearest to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final

MOST_QUOTES: Final = 3
NEAR: Final = 0.3  # unrelated sentences stay below it, see the contract tests
MOST_CANDIDATES: Final = 256
SHORTEST: Final = 12  # characters: a heading tells nothing
LONGEST: Final = 500  # characters, of what has no full stop for long

_END_OF_SENTENCE: Final = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][\"')\]]))\s+(?=[^a-z\s])|(?<=[。！？])|\n+"  # noqa: RUF001 - Chinese and Japanese end sentences with them
)
_QUESTION_MARKS: Final = ("?", "？", "؟")  # noqa: RUF001 - the same
_PASSAGE: Final = "<passage "  # the line above one that was found in the caller's documents
_WORD: Final = re.compile(r"\w+")
_PIECE: Final = re.compile(rf"\S.{{0,{LONGEST - 1}}}(?=\s|$)|\S{{1,{LONGEST}}}", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """A message's text, and who sent it."""

    role: str
    text: str


@dataclass(frozen=True)
class Sentence:
    """What may be quoted, letter by letter, and whose message it stands in."""

    role: str
    text: str


@dataclass(frozen=True)
class Material:
    """A question, and the sentences that could answer it."""

    question: str
    candidates: tuple[Sentence, ...]


def sentences_of(text: str) -> list[str]:
    """Cut a text into its sentences, none of them changed."""
    whole = (part.strip() for part in _END_OF_SENTENCE.split(text))
    return [piece.strip() for part in whole for piece in _PIECE.findall(part)]


def material_of(conversation: Sequence[Said]) -> Material:
    """Take the last user's question out of what was sent; what models said is never quoted."""
    last = next((each.text for each in reversed(conversation) if each.role == "user"), "")
    question = _question_in(last)
    found = {
        text: Sentence(said.role, text)
        for said in reversed(conversation)
        if said.role != "assistant"
        for text in sentences_of(said.text)
        if text != question and len(text) >= SHORTEST and not text.endswith(_QUESTION_MARKS)
        if not text.startswith(_PASSAGE)
    }
    return Material(question, _most_alike(question, tuple(found.values())))


def nearest(
    candidates: Sequence[Sentence], vectors: Sequence[Sequence[float]], question: Sequence[float]
) -> list[Sentence]:
    """Return the sentences to quote, the nearest first; none, if none is near."""
    scores = [sum(map(mul, vector, question)) for vector in vectors]
    order = sorted(range(len(candidates)), key=lambda place: -scores[place])
    return [candidates[place] for place in order[:MOST_QUOTES] if scores[place] >= NEAR]


def _question_in(text: str) -> str:
    """Return the last question; where there is none, the last line, or the first sentence."""
    sentences = sentences_of(text)
    questions = [each for each in sentences if each.endswith(_QUESTION_MARKS)]
    if questions:
        return questions[-1]
    if "\n" in text.strip():
        return sentences[-1]
    return sentences[0] if sentences else ""


def _most_alike(question: str, candidates: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Leave out those with the fewest words in common, where there are too many to compare."""
    words = _words(question)
    alike = sorted(candidates, key=lambda each: -len(words & _words(each.text)))
    return tuple(alike[:MOST_CANDIDATES])


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
