"""Files, images and summaries in turns: OpenAI's own package, real parsers, a real gateway."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from openai import AsyncOpenAI, BadRequestError
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from lisa.bootstrap.chat_routes import session_services
from lisa.bootstrap.every_door import switches_of
from lisa.domain.identity import Principal
from lisa.domain.model import ModelType, Prices
from lisa.usecases.files import Files
from tests.documents import encrypted_pdf, pdf
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, memory, turning_gateway
from tests.standins.engine.answers import PROMPT_TOKENS, WORDS
from tests.standins.engine.server import Engine

ALICE = Principal(subject="alice")
EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
SAID = "".join(WORDS)
PIXEL = "iVBORw0KGgo="
ASKED = {"type": "input_text", "text": "What does it say?"}


@dataclass
class Desk:
    """A conversation of alice's that files can be put into."""

    client: AsyncOpenAI
    files: Files
    engine: Engine
    conversation: str

    async def put(self, content: bytes) -> str:
        """Upload a file; returns its id."""
        link = await self.files.store(
            ALICE, self.conversation, content_type="application/octet-stream", content=content
        )
        return link.file_id

    async def ask(self, *parts: dict[str, Any], **more: Any) -> Any:
        """Ask about these parts."""
        asked: Any = [{"role": "user", "content": [*parts]}]
        wanted = {"model": "tiny", "conversation": self.conversation, "input": asked}
        return await self.client.responses.create(**wanted | more)

    def told(self, number: int = 0) -> list[Any]:
        """Return what the model was told last by a user, in the first call or a later one."""
        calls = [seen.says["messages"] for seen in self.engine.seen if "messages" in seen.says]
        return [each["content"] for each in calls[number] if each["role"] == "user"][-1]  # type: ignore[no-any-return]  # as chats have it


@pytest.fixture
async def desk(engine: Engine) -> AsyncIterator[Desk]:
    ports = memory()
    async with turning_gateway(ports) as running:
        await add_models(running, engine)
        client = await running.client()
        files = session_services(ports, switches_of(ports)).files
        conversation = await client.conversations.create()
        yield Desk(client, files, engine, conversation.id)


async def add_models(running: Turning, engine: Engine) -> None:
    upstream = to(engine, key="env:ENGINE_KEY")
    prices = Prices(prompt=1_000_000, source="a test")
    await running.add("tiny", upstream)
    await running.add("narrow", upstream, context_window=1024, prices=prices)
    await running.add("paint", upstream, type=ModelType.IMAGE)


async def test_a_model_is_told_what_a_pdf_says(desk: Desk) -> None:
    file_id = await desk.put(pdf("The rent is 900."))
    part = {"type": "input_file", "file_id": file_id, "filename": "lease.pdf"}
    answer = await desk.ask(part, ASKED)
    assert answer.output_text == SAID
    told = str(desk.told())
    assert '<file name="lease.pdf">' in told
    assert "The rent is 900." in told
    kept = [item async for item in desk.client.conversations.items.list(desk.conversation)]
    assert "The rent is 900." not in str(kept)  # the session names the file, its text lies beside


async def test_a_file_in_the_request_is_read_even_where_nothing_is_kept(desk: Desk) -> None:
    data = base64.b64encode(pdf("The rent is 900.")).decode()
    part = {"type": "input_file", "file_data": f"data:application/pdf;base64,{data}"}
    answer = await desk.ask(part, ASKED, store=False, conversation=None)
    assert answer.output_text == SAID
    assert "The rent is 900." in str(desk.told())


async def test_an_image_reaches_the_model_as_data(desk: Desk) -> None:
    file_id = await desk.put(base64.b64decode(PIXEL))
    answer = await desk.ask({"type": "input_image", "detail": "auto", "file_id": file_id}, ASKED)
    assert answer.output_text == "1 image(s)"
    assert f"data:image/png;base64,{PIXEL}" in str(desk.told())


@pytest.mark.parametrize(
    ("content", "code"), [(encrypted_pdf(), "file_encrypted"), (b"\x7fELF\0", "file_type_unknown")]
)
async def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_kept(
    desk: Desk, content: bytes, code: str
) -> None:
    file_id = await desk.put(content)
    with pytest.raises(BadRequestError) as refused:
        await desk.ask({"type": "input_file", "file_id": file_id})
    assert refused.value.code == code
    assert not [item async for item in desk.client.conversations.items.list(desk.conversation)]
    assert desk.engine.seen == []


async def test_files_over_the_models_window_are_refused_with_the_numbers(desk: Desk) -> None:
    file_id = await desk.put(b"word " * 2000)
    with pytest.raises(BadRequestError, match=r"about 2,5\d\d tokens.*reads 1,024") as refused:
        await desk.ask({"type": "input_file", "file_id": file_id}, model="narrow")
    assert refused.value.code == "context_too_long"


async def test_a_long_document_is_summarised_in_parts_with_progress(desk: Desk) -> None:
    file_id = await desk.put(pdf(*(f"Page {page}. " + "word " * 60 for page in range(40))))
    wanted = {"lisa": {"summarise": {"file_id": file_id, "style": "overview"}}}
    stream = await desk.ask(
        {"type": "input_text", "text": "Summarise it"},
        model="narrow",
        stream=True,
        extra_body=wanted,
    )
    events = [event async for event in stream]
    for event in events:
        EVENT.validate_python(event.to_dict())
    ended = events[-1].response
    assert (ended.status, ended.output_text) == ("completed", SAID)
    reasoning = "".join(
        event.delta for event in events if event.type == "response.reasoning_text.delta"
    )
    steps = reasoning.splitlines()
    assert len(steps) > 3
    assert steps[-1] == f"Read part {len(steps)} of {len(steps)}."
    assert ended.usage.input_tokens == PROMPT_TOKENS * (len(steps) + 1)
    assert ended.lisa["cost"] == pytest.approx(ended.usage.input_tokens)
    told = " ".join(str(desk.told(number)) for number in range(len(steps)))
    assert all(f"Page {page}. " in told for page in range(40))


async def test_a_summary_of_no_file_fails_and_says_so(desk: Desk) -> None:
    wanted = {"lisa": {"summarise": {"file_id": "file_none"}}}
    with pytest.raises(Exception, match="no file file_none"):
        await desk.ask({"type": "input_text", "text": "Summarise it"}, extra_body=wanted)


async def test_an_image_is_made_kept_and_comes_back(desk: Desk) -> None:
    asked = {"type": "input_text", "text": "A red barn"}
    answer = await desk.ask(asked, model="paint")
    Response.model_validate(answer.to_dict())
    [call] = answer.output
    assert (call.type, call.status, call.result) == ("image_generation_call", "completed", PIXEL)
    assert desk.engine.seen[0].says["prompt"] == "A red barn"
    link = await desk.files.read(ALICE, desk.conversation, call.lisa["file_id"])
    assert link.file_id in link.url
    again = await desk.client.responses.retrieve(answer.id)
    assert again.to_dict() == answer.to_dict()


async def test_an_image_is_made_once_more_by_what_was_asked_before(desk: Desk) -> None:
    first = await desk.ask({"type": "input_text", "text": "A red barn"}, model="paint")
    again = await desk.client.responses.create(
        model="paint", input=[], previous_response_id=first.id
    )
    assert [item.type for item in again.output] == ["image_generation_call"]
    assert desk.engine.seen[-1].says["prompt"] == "A red barn"


async def test_an_image_can_be_named_by_its_file_alone(desk: Desk) -> None:
    asked = {"type": "input_text", "text": "A red barn"}
    plain = {"lisa": {"inline_images": False}}
    stream = await desk.ask(asked, model="paint", stream=True, extra_body=plain)
    events = [event async for event in stream]
    for event in events:
        EVENT.validate_python(event.to_dict())
    assert PIXEL not in str([event.to_dict() for event in events])
    [call] = events[-1].response.output
    assert call.lisa["content_type"] == "image/png"
