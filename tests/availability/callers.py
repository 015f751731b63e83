"""Callers who call on and on with the `openai` package, and note what they are told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import openai

from lisa.domain.identity import Limits
from tests.availability.site import BESIDE, DIRECT, Site
from tests.availability.waiting import until
from tests.standins.engine.answers import PROMPT_TOKENS, WORDS

TOKENS: Final = 12
WHOLE: Final = "".join(WORDS[number % len(WORDS)] for number in range(TOKENS))
OF_EACH_CALL: Final = PROMPT_TOKENS + TOKENS
SLOWLY: Final = {"engine": {"tokens": TOKENS, "pause": 0.05, "delay": 0.2}}
# Long enough that what is reserved for it is no less than what the engine says it used.
ASKED: Final = "Tell me! " * 20
PAUSE: Final = 0.5  # as long as the package waits before its own second try
SPENT: Final = "insufficient_quota"
NO_LIMITS: Final = Limits()


@dataclass
class Load:
    """What came of the calls: `answered` are the ids of those that got a whole answer."""

    client: openai.AsyncOpenAI
    name: str
    callers: int
    answered: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)  # streams that broke off, and said so
    refused: int = 0
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, more: int) -> None:
        """Wait until so many more calls are answered."""
        enough = len(self.answered) + more
        await until(lambda: len(self.answered) >= enough)

    async def spent(self) -> None:
        """Wait until everybody was told that the budget is spent."""
        await until(lambda: self.refused == self.callers)

    async def keep_calling(self, model: str, *, stream: bool) -> None:
        """Call until told to end, or until the budget is spent; any other failure is raised."""
        while not self._over.is_set():
            try:
                await (self._streamed(model) if stream else self._plain(model))
            except openai.RateLimitError as error:
                if error.code != SPENT:
                    raise
                self.refused += 1
                return

    async def _plain(self, model: str) -> None:
        """Ask; the package itself tries once more."""
        answer = await self.client.chat.completions.create(**self._asked(model))
        assert answer.choices[0].message.content == WHOLE
        assert answer.usage
        assert answer.usage.total_tokens == OF_EACH_CALL
        self._note(answer._request_id)

    async def _streamed(self, model: str) -> None:
        """Ask; a stream that breaks off is asked for once more, which the package leaves to us."""
        before = len(self.cut)
        try:
            await self._stream(self.client, model)
        except openai.APIError:
            if len(self.cut) == before or not self.client.max_retries:
                raise
            await asyncio.sleep(PAUSE)
            await self._stream(self.client.with_options(max_retries=0), model)

    async def _stream(self, client: openai.AsyncOpenAI, model: str) -> None:
        stream = await client.chat.completions.create(**self._asked(model), stream=True)
        called, pieces, reasons = stream.response.headers["x-request-id"], list[str](), list[str]()
        try:
            async for chunk in stream:
                for choice in chunk.choices:
                    pieces.append(choice.delta.content or "")
                    reasons += [choice.finish_reason] if choice.finish_reason else []
        except openai.APIError:
            self.cut.append(called)
            raise
        assert ("".join(pieces), reasons) == (WHOLE, ["stop"])
        self._note(called)

    def _asked(self, model: str) -> dict[str, Any]:
        """Say who asks, so that engines know whose call it is."""
        messages = [{"role": "user", "content": f"I am {self.name}. {ASKED}"}]
        asked = {"model": model, "messages": messages, "max_tokens": TOKENS}
        return asked | {"extra_body": SLOWLY}

    def _note(self, called: str | None) -> None:
        assert called
        self.answered.append(called)

    def end(self) -> None:
        """Let everybody finish the call that is under way."""
        self._over.set()


@asynccontextmanager
async def load(
    lisa: Site, name: str, *, retries: int = 1, each: int = 3, limits: Limits = NO_LIMITS
) -> AsyncIterator[Load]:
    """Keep `each` callers of either way calling each model; whatever fails, fails at the end."""
    async with openai.AsyncOpenAI(
        base_url=lisa.url, api_key=await lisa.token(name, limits), max_retries=retries
    ) as client:
        calling = Load(client, name, 4 * each)
        async with asyncio.TaskGroup() as callers:
            for model in (DIRECT, BESIDE) * each:
                callers.create_task(calling.keep_calling(model, stream=True))
                callers.create_task(calling.keep_calling(model, stream=False))
            try:
                yield calling
            finally:
                calling.end()
