"""Images that a model made, kept under the session."""

import base64
from typing import Any

import pytest

from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire
from lisa.usecases.turns.images import Images, prompt_of
from tests.documents import PNG
from tests.unit.conftest import ALICE, House
from tests.unit.turns.files import desk
from tests.unit.turns.scripted import ScriptedModel

WRITTEN = base64.b64encode(PNG).decode()


def painter(answer: Any) -> ScriptedModel:
    return ScriptedModel(lambda *_: "", images_answer=answer)


def request(**more: Any) -> TurnRequest:
    message = {"role": "user", "content": [{"type": "input_text", "text": "A red barn"}]}
    return TurnRequest.read({"model": "paint", "input": [message], "lisa": more})


async def made(house: House, answers: ScriptedModel, **more: Any) -> list[dict[str, Any]]:
    place = await desk(house)
    images = Images(place.files)
    asked = request(**more)
    items = images.made(ALICE, place.session, "resp_1", asked, asked.items, answers)
    found = [item async for item in items]
    return await images.with_results(place.session, found)


async def test_images_are_kept_with_the_session_and_come_back_as_bytes(house: House) -> None:
    answers = painter({"data": [{"b64_json": WRITTEN, "revised_prompt": "A barn"}] * 2})
    items = await made(house, answers, chat={"n": 2, "size": "1024x1024", "stop": ["x"]})
    assert answers.asked == [
        {
            "n": 2,
            "size": "1024x1024",
            "model": "paint",
            "prompt": "A red barn",
            "response_format": "b64_json",
        }
    ]
    assert [item["result"] for item in items] == [WRITTEN] * 2
    assert [item["revised_prompt"] for item in items] == ["A barn"] * 2
    assert {item["lisa"]["content_type"] for item in items} == {"image/png"}
    assert len({item["id"] for item in items} | {item["lisa"]["file_id"] for item in items}) == 4


async def test_a_model_that_knows_no_response_format_is_asked_without(house: House) -> None:
    class Stubborn(ScriptedModel):
        async def images(self, *asked: Any) -> dict[str, Any]:
            answer = await super().images(*asked)
            return answer or {"data": [{"b64_json": WRITTEN}]}

    refusal = Invalid("Unknown parameter: 'response_format'.")
    answers = Stubborn(lambda *_: "", images_answer=refusal)
    items = await made(house, answers)
    assert [item["result"] for item in items] == [WRITTEN]
    assert len(set(answers.call_ids)) == 2


@pytest.mark.parametrize(
    "data",
    [
        [],
        None,
        [{"url": "http://127.0.0.1/metadata"}],
        [{"b64_json": "not base64!"}],
        [{"b64_json": base64.b64encode(b"<svg>").decode()}],
        ["x"],
    ],
)
async def test_an_answer_without_a_usable_image_is_told_as_a_failure(
    house: House, data: object
) -> None:
    with pytest.raises(Unavailable) as failed:
        await made(house, painter({"data": data}))
    assert failed.value.precise_code == "no_image"


async def test_an_image_as_a_data_url_is_taken(house: House) -> None:
    items = await made(house, painter({"data": [{"url": f"data:image/png;base64,{WRITTEN}"}]}))
    assert [item["result"] for item in items] == [WRITTEN]


async def test_other_items_and_images_that_are_gone_stay_as_they_are(house: House) -> None:
    place = await desk(house)
    gone = {"type": "image_generation_call", "result": None, "lisa": {"file_id": "file_1"}}
    items: list[Wire] = [{"type": "message", "content": []}, gone]
    assert await Images(place.files).with_results(place.session, items) == items


def test_a_request_without_words_is_refused() -> None:
    with pytest.raises(Invalid, match="what the image should show"):
        prompt_of([{"role": "user", "content": []}])
