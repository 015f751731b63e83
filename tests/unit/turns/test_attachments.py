"""Files that a conversation names, as a model is told of them."""

import base64
from typing import Any

import pytest

from lisa.domain.errors import Invalid, TooLarge
from lisa.usecases.turns.attachments import LARGEST_IMAGE, Attachments
from tests.documents import PNG
from tests.unit.conftest import BOB, House
from tests.unit.turns.files import Desk, desk
from tests.unit.turns.scripted import model

IMAGE = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


def message(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "message", "role": "user", "content": list(parts)}


async def told(place: Desk, *parts: dict[str, Any], window: int | None = None) -> Any:
    context = [message(*parts)]
    [item] = await Attachments(place.documents).inlined(place.session, context, model(window))
    return item["content"]


async def test_a_file_becomes_text_under_its_name(house: House) -> None:
    place = await desk(house)
    file_id = await place.put(b"rent 900")
    asked = {"type": "input_text", "text": "How much?"}
    part = {"type": "input_file", "file_id": file_id, "filename": 'my "costs".txt'}
    text = '<file name="my &quot;costs&quot;.txt">\nrent 900\n</file>'
    assert await told(place, part, asked) == [{"type": "input_text", "text": text}, asked]


async def test_a_file_is_read_once_and_then_its_text_is_there(house: House) -> None:
    place = await desk(house)
    part = {"type": "input_file", "file_id": await place.put(b"x")}
    assert await told(place, part) == await told(place, part)
    assert place.reader.reads == 1


async def test_an_image_becomes_a_data_url_however_it_is_attached(house: House) -> None:
    place = await desk(house)
    file_id = await place.put(PNG)
    shown = {"type": "input_image", "detail": "auto", "image_url": IMAGE}
    inline = {"type": "input_file", "file_data": IMAGE, "filename": "a.png"}
    assert await told(place, {"type": "input_image", "file_id": file_id}) == [shown]
    assert await told(place, {"type": "input_file", "file_id": file_id}) == [shown]
    assert await told(place, inline) == [shown]


async def test_an_image_that_bears_its_address_is_left_alone(house: House) -> None:
    part = {"type": "input_image", "image_url": "data:image/png;base64,aGk="}
    assert await told(await desk(house), part) == [part]


async def test_a_file_that_came_with_the_request_is_read(house: House) -> None:
    data = base64.b64encode(b"hello").decode()
    part = {"type": "input_file", "file_data": data, "filename": "a.txt"}
    [shown] = await told(await desk(house), part)
    assert shown["text"] == '<file name="a.txt">\nhello\n</file>'


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"type": "input_file", "file_id": "file_none"}, "unknown_file"),
        ({"type": "input_file", "file_id": "../file_1"}, "unknown_file"),
        ({"type": "input_image", "file_id": "file_none"}, "unknown_file"),
        ({"type": "input_file", "file_data": "%"}, "no_file"),
        ({"type": "input_file", "file_url": "http://127.0.0.1/"}, "no_file"),
    ],
)
async def test_a_file_that_is_not_there_is_refused(
    house: House, part: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await told(await desk(house), part)
    assert refused.value.precise_code == code


async def test_a_file_of_another_session_is_not_there(house: House) -> None:
    place = await desk(house)
    theirs = await house.sessions.create(BOB, session_id="s1")
    file_id = await place.put(b"secret")
    context = [message({"type": "input_file", "file_id": file_id})]
    with pytest.raises(Invalid, match="no file"):
        await Attachments(place.documents).inlined(theirs, context, model())


async def test_text_attached_as_an_image_is_refused(house: House) -> None:
    place = await desk(house)
    part = {"type": "input_image", "file_id": await place.put(b"text")}
    with pytest.raises(Invalid, match="no image"):
        await told(place, part)


async def test_an_image_over_the_limit_is_refused(house: House) -> None:
    place = await desk(house)
    part = {"type": "input_image", "file_id": await place.put(PNG + bytes(LARGEST_IMAGE))}
    with pytest.raises(TooLarge, match="10 MB"):
        await told(place, part)


async def test_more_than_the_window_is_refused_with_the_numbers(house: House) -> None:
    place = await desk(house)
    part = {"type": "input_file", "file_id": await place.put(b"word " * 10_000)}
    with pytest.raises(Invalid, match=r"about 12,5\d\d tokens.* reads 8,192 ") as refused:
        await told(place, part, window=8192)
    assert refused.value.precise_code == "context_too_long"
    assert len(await told(place, part, window=16_000)) == 1


async def test_a_conversation_without_files_is_not_measured(house: House) -> None:
    part = {"type": "input_text", "text": "word " * 10_000}
    assert await told(await desk(house), part, window=8192) == [part]
