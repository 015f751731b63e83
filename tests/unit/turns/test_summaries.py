"""Documents longer than a model's window, summarised by a model that answers from a script."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from lisa.domain.errors import Invalid, LimitReached, LisaError, Unavailable
from lisa.domain.turns.request import TurnRequest
from lisa.ports.completions import Chunks
from lisa.usecases.turns.portions import portions
from lisa.usecases.turns.summaries import Summaries
from tests.unit.conftest import ALICE, House
from tests.unit.turns.files import Desk, desk
from tests.unit.turns.scripted import USAGE, ScriptedModel, model

PARAGRAPH = "Nothing much happens in this paragraph, but it goes on for a while. " * 5
SMALL = 1024


def request(**summarise: str) -> TurnRequest:
    return TurnRequest.read({"model": "m", "input": "", "lisa": {"summarise": summarise}})


async def told(
    place: Desk, answers: ScriptedModel, window: int | None = None, **summarise: str
) -> Chunks:
    wanted = request(**summarise)
    summaries = Summaries(place.documents)
    return summaries.told(ALICE, place.session, "resp_1", wanted, answers, model(window))


async def words(chunks: Chunks) -> tuple[list[str], str, dict[str, Any]]:
    """Return the steps, the summary and the usage."""
    steps: list[str] = []
    text = ""
    usage: dict[str, Any] = {}
    chunk: Any
    async for chunk in chunks:
        for delta in (choice["delta"] for choice in chunk["choices"]):
            text += delta.get("content", "")
            steps += [step.strip() for step in [delta.get("reasoning_content")] if step]
        usage = chunk.get("usage", usage)
    return steps, text.strip(), usage


def long_text(*marks: str) -> str:
    """Write a paragraph of some 350 bytes for each mark."""
    return "\n\n".join(f"{mark} {PARAGRAPH}" for mark in marks)


async def test_a_short_document_is_told_at_once(house: House) -> None:
    place, answers = await desk(house), ScriptedModel(lambda *_: "In short.")
    file_id = await place.put(b"A few words.")
    chunks = await told(place, answers, file_id=file_id, style="concise")
    assert await words(chunks) == ([], "In short.", USAGE)
    assert [each["messages"][1]["content"] for each in answers.asked] == ["A few words."]
    assert chunks.spent.cost == 0.5


async def test_a_long_document_is_read_in_parts_that_fit_and_no_word_is_lost(
    house: House,
) -> None:
    place = await desk(house)
    seen: list[str] = []

    def script(system: str, user: str) -> str:
        if system.startswith("You read"):
            seen.append(user)
            return f"note-{len(seen)}"
        return "All of it."

    answers = ScriptedModel(script)
    marks = [f"M{number}" for number in range(40)]
    file_id = await place.put(long_text(*marks).encode())
    steps, text, usage = await words(await told(place, answers, SMALL, file_id=file_id))
    assert text == "All of it."
    assert all(f"{mark} " in " ".join(seen) for mark in marks)
    assert max(len(part.encode()) for part in seen) <= SMALL * 4
    assert steps == [f"Read part {done} of {len(seen)}." for done in range(1, len(seen) + 1)]
    assert usage == {name: value * (len(seen) + 1) for name, value in USAGE.items()}
    final = answers.asked[-1]["messages"][1]["content"]
    assert [word.strip() for word in final.split("\n\n")] == [
        f"note-{number}" for number in range(1, len(seen) + 1)
    ]
    assert answers.most_open == 4
    assert len(set(answers.call_ids)) == len(answers.call_ids)


async def test_notes_that_exceed_the_window_are_joined_until_they_fit(house: House) -> None:
    place = await desk(house)
    answers = ScriptedModel(lambda system, _: "End." if "noted on" in system else "word " * 4000)
    file_id = await place.put(long_text(*"abcdefghijklmnopqrstuvwxyz" * 4).encode())
    steps, text, _ = await words(await told(place, answers, SMALL, file_id=file_id))
    assert text == "End."
    assert any(step.startswith("Joined notes") for step in steps)
    assert all(len(each["messages"][1]["content"].encode()) < SMALL * 4 for each in answers.asked)


async def test_an_own_wish_reaches_every_call(house: House) -> None:
    place, answers = await desk(house), ScriptedModel(lambda *_: "x")
    file_id = await place.put(long_text(*"abcdefghij").encode())
    await words(
        await told(place, answers, SMALL, file_id=file_id, style="own", prompt="Who {is} named?")
    )
    assert all("Who {is} named?" in each["messages"][0]["content"] for each in answers.asked)
    assert len(answers.asked) > 2


async def test_an_own_wish_without_words_is_refused(house: House) -> None:
    place, answers = await desk(house), ScriptedModel(lambda *_: "x")
    with pytest.raises(Invalid, match="prompt"):
        await told(place, answers, file_id="file_1", style="own", prompt=" ")


async def test_a_limit_that_says_when_to_come_back_is_waited_for(house: House) -> None:
    place = await desk(house)
    refused: list[str] = []

    def script(system: str, user: str) -> str | LisaError:
        del user
        if system.startswith("You read") and len(refused) < 3:
            refused.append(system)
            return LimitReached("too fast", retry_after=7)
        return "x"

    file_id = await place.put(long_text(*"abcdefghij").encode())
    before = house.clock.now()
    _, text, _ = await words(await told(place, ScriptedModel(script), SMALL, file_id=file_id))
    assert text == "x"
    assert (house.clock.now() - before).total_seconds() == 21


async def test_a_limit_of_a_day_is_told_at_once(house: House) -> None:
    place = await desk(house)
    answers = ScriptedModel(lambda *_: LimitReached("enough for today", retry_after=9000))
    file_id = await place.put(long_text(*"abcdefghij").encode())
    with pytest.raises(LimitReached, match="today"):
        await words(await told(place, answers, SMALL, file_id=file_id))
    assert answers.open == 0


async def test_a_model_that_says_nothing_about_a_part_fails_the_summary(house: House) -> None:
    place = await desk(house)
    answers = ScriptedModel(lambda _, user: "" if "d Nothing" in user else "x")
    file_id = await place.put(long_text(*"abcdefghij").encode())
    with pytest.raises(Unavailable, match="part"):
        await words(await told(place, answers, SMALL, file_id=file_id))


async def test_cancelling_stops_every_call_under_way(house: House) -> None:
    place, never = await desk(house), asyncio.Event()

    class Stalled(ScriptedModel):
        async def _answer(self, body: dict[str, Any]) -> str:
            del body
            if self.open == 4:
                never.set()
            await asyncio.Event().wait()
            return ""

    answers = Stalled(lambda *_: "")
    file_id = await place.put(long_text(*"abcdefghijklmnopqrstuvwxyz").encode())
    telling = asyncio.create_task(words(await told(place, answers, SMALL, file_id=file_id)))
    await never.wait()
    telling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await telling
    assert (answers.open, answers.left_early) == (0, 4)


async def test_leaving_in_the_middle_stops_every_call_too(house: House) -> None:
    place = await desk(house)

    class Half(ScriptedModel):
        async def _answer(self, body: dict[str, Any]) -> str:
            if len(self.asked) > 1:
                await asyncio.Event().wait()
            return await super()._answer(body)

    answers = Half(lambda *_: "x")
    file_id = await place.put(long_text(*"abcdefghijklmnopqrstuvwxyz").encode())
    chunks: AsyncIterator[Any] = aiter(await told(place, answers, SMALL, file_id=file_id))
    assert "Read part 1" in str(await anext(chunks))
    await chunks.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert answers.open == 0


@pytest.mark.parametrize("window", [200, 600])
async def test_a_window_too_small_is_refused_with_its_size(house: House, window: int) -> None:
    place, answers = await desk(house), ScriptedModel(lambda *_: "x")
    with pytest.raises(Invalid, match=str(window)):
        await told(place, answers, window, file_id="file_1")


async def test_a_document_of_too_many_parts_is_refused_with_the_numbers(house: House) -> None:
    place, answers = await desk(house), ScriptedModel(lambda *_: "x")
    file_id = await place.put(b"x" * 1_000_000)
    with pytest.raises(Invalid, match=r"about 250,000 tokens.* 300 are the most"):
        await words(await told(place, answers, SMALL, file_id=file_id))


async def test_an_image_is_no_document(house: House) -> None:
    place, answers = await desk(house), ScriptedModel(lambda *_: "x")
    file_id = await place.put(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(Invalid, match="image"):
        await words(await told(place, answers, file_id=file_id))


@pytest.mark.parametrize("text", ["", "a", "ü" * 999, "a b. c\n\nd " * 99, "漢字" * 500, "\n" * 99])
def test_portions_hold_every_word_and_none_is_too_large(text: str) -> None:
    cut = portions(text, 100)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(0 < len(piece.encode()) <= 100 for piece in cut)
