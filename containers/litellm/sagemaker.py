"""What litellm 1.106.2 gets wrong about SageMaker, put right; part of `mends`."""

import json
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from typing import Any, Final

from botocore.eventstream import EventStreamBuffer

DECODER: Final = "litellm.llms.sagemaker.common_utils"
MODEL_ERROR: Final = 424  # what SageMaker answers when the container fails
GOOD: Final = 200


def mend(litellm: Any) -> None:
    """Keep our address out of bodies, and read streams whatever way they are cut."""
    _keep_the_address_out(litellm.SagemakerChatConfig)
    room = import_module(DECODER)

    async def aiter_bytes(self: Any, iterator: AsyncIterator[bytes]) -> AsyncIterator[Any]:
        """Read line by line; the SDK's own loses what doesn't fit the parts, and failures."""
        parse = self._chunk_parser_messages_api if self.is_messages_api else self._chunk_parser
        rest = b""
        async for part in _parts(iterator, room.SagemakerError):
            *lines, rest = (rest + part).split(b"\n")
            for document in _documents(lines):
                yield parse(chunk_data=document)
        for document in _documents([rest]):
            yield parse(chunk_data=document)

    room.AWSEventStreamDecoder.aiter_bytes = aiter_bytes


def _keep_the_address_out(chat: Any) -> None:
    original = chat.transform_request

    def transform_request(self: Any, *given: Any, **named: Any) -> Any:
        request = original(self, *given, **named)
        request.pop("sagemaker_base_url", None)
        return request

    chat.transform_request = transform_request


async def _parts(iterator: AsyncIterator[bytes], failure: type[Exception]) -> AsyncIterator[bytes]:
    buffer: Any = EventStreamBuffer()
    async for raw in iterator:
        buffer.add_data(raw)
        for event in buffer:
            answer = event.to_response_dict()
            if answer["status_code"] != GOOD:
                words = answer["body"].decode("utf-8", "replace")
                raise failure(MODEL_ERROR, words)
            yield answer["body"]


def _documents(lines: list[bytes]) -> Iterator[Any]:
    for line in lines:
        text = line.strip().removeprefix(b"data:").strip()
        if text.startswith(b"{"):
            yield json.loads(text)
