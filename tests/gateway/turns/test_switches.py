"""What an administrator has switched off for turns and conversations is refused, whoever asks."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from openai import PermissionDeniedError

from lisa.bootstrap.administration_routes import configuration_services
from lisa.bootstrap.chat_routes import session_services
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.every_door import switches_of
from lisa.domain.identity import Principal
from lisa.domain.session import Draft
from lisa.usecases.configuration import Configurations
from lisa.usecases.files import Files
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, memory, turning_gateway
from tests.standins.engine.server import Engine

ROOT = Principal(subject="root", admin=True)
ALICE = Principal(subject="alice")
PIXEL = "data:image/png;base64,iVBORw0KGgo="
WORDS = {"type": "input_text", "text": "What does it say?"}


@dataclass
class Desk:
    """Alice's conversation with a file in it, and the document of switches."""

    client: Any
    files: Files
    documents: Configurations
    conversation: str
    file_id: str

    async def switch(self, **switches: bool) -> None:
        """Switch as the administrator does; the gateway knows within a second."""
        document: Any = {"enabledComponents": switches}
        await self.documents.change(ROOT, version=0, document=document, reason="a test")

    async def ask(self, *parts: dict[str, Any], **more: Any) -> Any:
        """Ask about these parts."""
        asked = {"model": "tiny", "conversation": self.conversation} | more
        return await self.client.responses.create(
            input=[{"role": "user", "content": [*parts]}], **asked
        )


@pytest.fixture
async def desk(engine: Engine) -> AsyncIterator[Desk]:
    ports = memory()
    async with turning_gateway(ports) as running:
        await running.add("tiny", to(engine, key="env:ENGINE_KEY"))
        yield await seated(running, ports)


async def seated(running: Turning, ports: ContentPorts) -> Desk:
    client = await running.client()
    switches = switches_of(ports)
    files = session_services(ports, switches).files
    documents = configuration_services(ports, switches).configurations
    conversation = (await client.conversations.create()).id
    link = await files.store(ALICE, conversation, content_type="text/plain", content=b"900")
    return Desk(client, files, documents, conversation, link.file_id)


def file_parts(desk: Desk) -> Sequence[dict[str, Any]]:
    return (
        {"type": "input_file", "file_id": desk.file_id},
        {"type": "input_file", "file_data": "OTAw"},
        {"type": "input_image", "detail": "auto", "file_id": desk.file_id},
        {"type": "input_image", "detail": "auto", "image_url": PIXEL},
    )


async def refused(asking: Any) -> str:
    with pytest.raises(PermissionDeniedError) as refusal:
        await asking
    assert refusal.value.code == "switched_off"
    return str(refusal.value)


async def test_no_file_is_attached_to_a_turn(desk: Desk, engine: Engine) -> None:
    await desk.switch(uploadContextDocs=False)
    for part in file_parts(desk):
        for more in ({}, {"stream": True}, {"background": True}, {"conversation": None}):
            assert "uploadContextDocs" in await refused(desk.ask(part, WORDS, **more))
    assert not [item async for item in desk.client.conversations.items.list(desk.conversation)]
    assert engine.seen == []
    assert (await desk.ask(WORDS)).status == "completed"


async def test_no_file_of_earlier_is_told_to_a_model_until_it_is_removed(
    desk: Desk, engine: Engine
) -> None:
    part, _, _, _ = file_parts(desk)
    said: Any = {"id": "m-1", "role": "user", "content": [part]}
    await desk.client.conversations.items.create(desk.conversation, items=[said])
    await desk.switch(uploadContextDocs=False)
    assert "remove the messages" in await refused(desk.ask(WORDS))
    await desk.client.conversations.items.delete("m-1", conversation_id=desk.conversation)
    assert (await desk.ask(WORDS)).status == "completed"
    assert "900" not in str(engine.seen[-1].says["messages"])


async def test_no_file_slips_in_as_an_item_of_a_former_turn(desk: Desk) -> None:
    await desk.switch(uploadContextDocs=False)
    part, _, _, _ = file_parts(desk)
    slipped = Draft(id="m-1", role="user", parts=(part,), response_id="resp_1")
    await desk.files.sessions.append(ALICE, desk.conversation, [slipped])
    await refused(desk.ask(WORDS))


async def test_nothing_is_summarised_while_files_may_be_attached(
    desk: Desk, engine: Engine
) -> None:
    wanted = {"lisa": {"summarise": {"file_id": desk.file_id}}}
    await desk.switch(documentSummarization=False)
    assert "documentSummarization" in await refused(desk.ask(WORDS, extra_body=wanted))
    assert engine.seen == []
    part, _, _, _ = file_parts(desk)
    assert (await desk.ask(part, WORDS)).status == "completed"


async def test_files_are_summarised_while_none_may_be_attached(desk: Desk) -> None:
    wanted = {"lisa": {"summarise": {"file_id": desk.file_id}}}
    await desk.switch(uploadContextDocs=False)
    assert (await desk.ask(WORDS, extra_body=wanted)).status == "completed"


async def test_conversations_are_not_deleted(desk: Desk) -> None:
    await desk.switch(deleteSessionHistory=False)
    assert "deleteSessionHistory" in await refused(
        desk.client.conversations.delete(desk.conversation)
    )
    await desk.client.conversations.retrieve(desk.conversation)
