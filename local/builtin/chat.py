"""`/v1/chat/completions` of `demo-extractive`, whole or as a stream."""

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from lisa.domain.errors import Invalid
from local.builtin.demo import words_for
from local.builtin.names import DEMO
from local.builtin.quoting import Said
from local.builtin.texts import Span, Texts
from local.builtin.wire import read, unknown_model


class Part(BaseModel):
    """A piece of a message."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message, as OpenAI writes it."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def said(self) -> Said:
        """Return its text, whole."""
        parts = self.content if isinstance(self.content, list) else []
        for part in parts:
            if part.type not in ("text", "refusal"):
                raise Invalid(f"{DEMO} reads text only, not `{part.type}`")
        text = self.content if isinstance(self.content, str) else ""
        role = "tool" if self.role == "function" else self.role
        return Said(role, text or "\n".join(part.text for part in parts))


class Form(BaseModel):
    """Which form the answer shall have."""

    type: str = "text"


class StreamOptions(BaseModel):
    """What a stream shall carry."""

    include_usage: bool | None = None


class Wanted(BaseModel):
    """What callers may ask for; what only steers a language model changes nothing."""

    model: str
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    stop: str | list[str] | None = None
    n: int | None = None
    logprobs: bool | None = None
    response_format: Form | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    tool_choice: Any = None

    def check(self) -> None:
        """Refuse what cannot be had from it."""
        if self.model != DEMO:
            raise unknown_model(self.model, DEMO)
        if self.response_format and self.response_format.type != "text":
            raise Invalid(f"response_format: {DEMO} quotes text and cannot write JSON")
        if self.n not in (None, 1):
            raise Invalid(f"n: {DEMO} has one answer only")
        if self.logprobs:
            raise Invalid(f"logprobs: {DEMO} chooses sentences and has none")

    @property
    def offers_tools(self) -> bool:
        """Tell whether a tool might be called."""
        return bool(self.tools or self.functions) and self.tool_choice != "none"

    @property
    def most_tokens(self) -> int | None:
        """Return how long the answer may be."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> list[str]:
        """Return what the answer ends before."""
        given = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return [each for each in given if each]


@dataclass(frozen=True)
class Written:
    """An answer in pieces of one token each, and what it counts."""

    pieces: list[str]
    finish: Literal["stop", "length"]
    prompt_tokens: int
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def head(self, kind: str) -> dict[str, Any]:
        """Return what every object of the answer begins with."""
        return {"id": self.id, "object": kind, "created": self.created, "model": DEMO}

    def usage(self) -> dict[str, int]:
        """Count in MiniLM's tokens."""
        prompt, completion = self.prompt_tokens, len(self.pieces)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }


@dataclass(frozen=True)
class Chat:
    """The endpoint."""

    texts: Texts

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        wanted = await read(request, Wanted)
        wanted.check()
        written = await self._write(wanted)
        if not wanted.stream:
            return JSONResponse(_whole(written))
        options = wanted.stream_options or StreamOptions()
        events = _events(written, with_usage=bool(options.include_usage))
        return StreamingResponse(events, media_type="text/event-stream")

    async def _write(self, wanted: Wanted) -> Written:
        conversation = [message.said() for message in wanted.messages]
        text = await words_for(self.texts, conversation, tools=wanted.offers_tools)
        text = text[: min((text.find(stop) for stop in wanted.stops if stop in text), default=None)]
        pieces = list(_pieces(text, await self.texts.spans(text)))
        most = wanted.most_tokens or len(pieces)
        sent = await self.texts.spans("\n".join(said.text for said in conversation))
        finish: Literal["stop", "length"] = "length" if most < len(pieces) else "stop"
        return Written(pieces[:most], finish, len(sent))


def _pieces(text: str, spans: list[Span]) -> Iterator[str]:
    """Cut the text behind each of its tokens; together the pieces are the text."""
    ends = sorted({end for _, end in spans})
    if ends:
        ends[-1] = len(text)
    for start, end in zip([0, *ends], ends, strict=False):
        yield text[start:end]


def _whole(written: Written) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(written.pieces), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": written.finish}
    return {**written.head("chat.completion"), "choices": [choice], "usage": written.usage()}


async def _events(written: Written, *, with_usage: bool) -> AsyncIterator[str]:
    head = written.head("chat.completion.chunk") | ({"usage": None} if with_usage else {})
    yield _event({**head, "choices": [_choice({"role": "assistant", "content": ""})]})
    for piece in written.pieces:
        yield _event({**head, "choices": [_choice({"content": piece})]})
    yield _event({**head, "choices": [_choice({}, written.finish)]})
    if with_usage:
        yield _event({**head, "choices": [], "usage": written.usage()})
    yield "data: [DONE]\n\n"


def _choice(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _event(document: dict[str, Any]) -> str:
    return f"data: {json.dumps(document)}\n\n"
