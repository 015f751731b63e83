import re
from collections.abc import Sequence

import pytest

from local.builtin.demo import EXPLANATION, FOOTER, NO_TOOLS, NOTHING_NEAR, words_for
from local.builtin.quoting import (
    LONGEST,
    MOST_CANDIDATES,
    Said,
    Sentence,
    material_of,
    nearest,
    sentences_of,
)
from local.builtin.texts import Span, Texts, Tokens, Vector

POLICY = (
    "Refunds are paid within 14 days, e.g. by card. Our offices are in Berlin and Oslo. "
    "Items may be returned for 30 days."
)


class WordsInCommon:
    """Stands where MiniLM does: texts are near if they share one of these words."""

    WORDS = ("refunds", "offices", "returned")

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        return [[int(word in text.lower()) for word in self.WORDS] for text in texts]

    def spans(self, text: str) -> list[Span]:
        return [found.span() for found in re.finditer(r"\S+", text)]

    def vectors(self, rows: Sequence[Tokens]) -> list[Vector]:
        return [[float(number) for number in row] for row in rows]


async def said(*conversation: Said, tools: bool = False) -> str:
    texts = Texts(WordsInCommon())
    async with texts.running():
        return await words_for(texts, conversation, tools=tools)


def test_a_text_falls_into_sentences_and_an_abbreviation_ends_none() -> None:
    assert sentences_of(POLICY) == [
        "Refunds are paid within 14 days, e.g. by card.",
        "Our offices are in Berlin and Oslo.",
        "Items may be returned for 30 days.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "word " * 400,
        "x" * 3000,
        "- one\n\n* two\n",
        "返品できます。三十日以内。",
        'He said "go." Ann went (on foot!) Then?',
    ],
)
def test_sentences_stand_in_the_text_letter_by_letter_and_none_is_too_long(text: str) -> None:
    sentences = sentences_of(text)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(each in text and 0 < len(each) <= LONGEST for each in sentences)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (f"{POLICY}\n\nHow long may I keep it?", "How long may I keep it?"),
        (f"How long may I keep it? {POLICY}", "How long may I keep it?"),
        (f"{POLICY}\nTell me about refunds", "Tell me about refunds"),
        (f"Tell me about refunds. {POLICY}", "Tell me about refunds."),
        (" \n ", ""),
    ],
)
def test_the_question_is_found_in_the_last_message(text: str, question: str) -> None:
    assert material_of([Said("user", "Who are you?"), Said("user", text)]).question == question


def test_neither_questions_nor_words_of_models_are_quoted() -> None:
    conversation = [
        Said("system", "You know all about refunds."),
        Said("user", "Where are your offices?"),
        Said("assistant", "Our offices are on the moon."),
        Said("tool", "Our offices are in Oslo."),
        Said("user", "Are you sure?"),
    ]
    assert material_of(conversation).candidates == (
        Sentence("tool", "Our offices are in Oslo."),
        Sentence("system", "You know all about refunds."),
    )


def test_of_very_many_sentences_those_with_words_of_the_question_are_compared() -> None:
    lines = "\n".join(f"Line number {number} says nothing." for number in range(1000))
    text = f"{lines}\nThe gateway belongs to Ann."
    candidates = material_of(
        [Said("system", text), Said("user", "Whose is the gateway?")]
    ).candidates
    assert len(candidates) == MOST_CANDIDATES
    assert candidates[0].text == "The gateway belongs to Ann."


def test_the_three_nearest_are_chosen_and_what_is_far_is_not() -> None:
    sentences = [Sentence("user", name) for name in "abcde"]
    vectors = [(0.5, 0), (0.2, 0), (0.9, 0), (0.4, 0), (0.6, 0)]
    assert [each.text for each in nearest(sentences, vectors, (1, 0))] == ["c", "e", "a"]
    assert nearest(sentences, vectors, (0.1, 0)) == []


async def test_an_answer_is_quotations_and_says_that_it_is() -> None:
    answer = await said(Said("system", POLICY), Said("user", "When are refunds paid?"))
    quote = "> Refunds are paid within 14 days, e.g. by card.\n> (from the system message)"
    assert answer == f"{quote}\n\n{FOOTER}"


async def test_without_anything_to_quote_it_says_what_it_is_and_how_to_get_a_model() -> None:
    assert await said(Said("user", "Hello")) == EXPLANATION
    assert "lisa models add NAME --url URL" in EXPLANATION


async def test_what_is_far_from_the_question_is_not_quoted() -> None:
    answer = await said(Said("system", POLICY), Said("user", "Who won?"))
    assert answer == f"{NOTHING_NEAR}\n\n{EXPLANATION}"


async def test_tools_are_declined_in_the_answer() -> None:
    asked = Said("system", POLICY), Said("user", "Where are the offices?")
    assert NO_TOOLS in await said(*asked, tools=True)
    assert NO_TOOLS not in await said(*asked)
