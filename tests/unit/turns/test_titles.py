"""Sessions named by the model that answered in them."""

import pytest

from lisa.domain.errors import Unavailable
from lisa.domain.model import Model
from lisa.domain.turns.shapes import Wire
from lisa.usecases.turns.titles import Titles, title_of
from tests.unit.conftest import ALICE, House
from tests.unit.turns.scripted import ScriptedModel, model

ITEMS: list[Wire] = [
    {
        "type": "message",
        "role": "user",
        "content": [{"type": "input_text", "text": "How do I bake bread?"}],
    },
    {"type": "reasoning", "summary": []},
    {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "With flour."}],
    },
]


async def named(house: House, answers: ScriptedModel, by: Model | None = None) -> str:
    await Titles(house.sessions).name(ALICE, "s1", by or model(), ITEMS, answers)
    return (await house.sessions.get(ALICE, "s1")).name


async def test_a_session_without_a_name_gets_one_from_what_was_said(house: House) -> None:
    await house.sessions.create(ALICE, session_id="s1")
    answers = ScriptedModel(lambda *_: 'Title: "Baking bread"\nBecause you asked.')
    assert await named(house, answers) == "Baking bread"
    assert answers.asked[0]["messages"][1]["content"] == (
        "user: How do I bake bread?\n\nassistant: With flour."
    )


async def test_a_session_with_a_name_keeps_it_and_no_model_is_asked(house: House) -> None:
    await house.sessions.create(ALICE, session_id="s1", name="mine")
    answers = ScriptedModel(lambda *_: "x")
    assert await named(house, answers) == "mine"
    assert answers.asked == []


async def test_a_name_given_meanwhile_stays(house: House) -> None:
    await house.sessions.create(ALICE, session_id="s1")

    class Slow(ScriptedModel):
        async def _answer(self, body: dict[str, object]) -> str:
            await house.sessions.change(ALICE, "s1", name="mine")
            return await super()._answer(body)

    assert await named(house, Slow(lambda *_: "x")) == "mine"


async def test_a_model_that_fails_leaves_the_session_as_it_is(house: House) -> None:
    await house.sessions.create(ALICE, session_id="s1")
    assert await named(house, ScriptedModel(lambda *_: Unavailable("down"))) == ""


async def test_a_session_that_is_gone_is_no_failure(house: House) -> None:
    await Titles(house.sessions).name(ALICE, "s1", model(), ITEMS, ScriptedModel(lambda *_: "x"))


async def test_a_built_in_model_is_not_asked(house: House) -> None:
    await house.sessions.create(ALICE, session_id="s1")
    answers = ScriptedModel(lambda *_: "x")
    assert await named(house, answers, model(built_in=True)) == ""
    assert answers.asked == []


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Baking bread", "Baking bread"),
        ("# **Baking bread.**", "Baking bread"),
        ("<think>The user asks\nabout bread</think>\n\nBaking bread", "Baking bread"),
        ("<think>It never ends", ""),
        ("„Brot backen“", "Brot backen"),
        (" \n ", ""),
        (" ".join("abcdefghijklmnop"), "a b c d e f g h i j k l"),
        ("a\x00b", "ab"),
        ("x" * 500, "x" * 100),
    ],
)
def test_a_title_is_a_few_plain_words(answer: str, title: str) -> None:
    assert title_of(answer) == title
