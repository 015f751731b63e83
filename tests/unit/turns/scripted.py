"""A model whose answers a test writes down beforehand, behind the completions port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from lisa.adapters.memory.clock import START
from lisa.domain.errors import LisaError
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.ports.completions import Chunks, Spent

ALICE = Principal(subject="alice")
USAGE = {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11}


def model(window: int | None = None, **fields: Any) -> Model:
    """Make a model of this window."""
    return Model(id="m", created=START, changed=START, context_window=window, **fields)


@dataclass
class Answer:
    """One answer: a text, word by word."""

    text: str
    spent: Spent = field(default_factory=Spent)

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """Yield its chunks, usage last."""
        for word in self.text.split(" "):
            yield {"choices": [{"index": 0, "delta": {"content": f"{word} "}}]}
        yield {"choices": [], "usage": dict(USAGE)}
        self.spent.cost += 0.5
        self.spent.served_by = "m"


@dataclass
class ScriptedModel:
    """Answers what `script` says to system and user text, and remembers what it was asked."""

    script: Callable[[str, str], str | LisaError]
    images_answer: dict[str, Any] | LisaError = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    call_ids: list[str] = field(default_factory=list)
    open: int = 0
    most_open: int = 0
    left_early: int = 0

    def model(self, caller: Principal, name: str) -> Model:
        """Return a model of that name."""
        del caller
        return model().model_copy(update={"id": name})

    async def check(self, caller: Principal, call_id: str, body: dict[str, Any]) -> None:
        """Refuse nobody."""

    @asynccontextmanager
    async def chat(
        self, caller: Principal, call_id: str, body: dict[str, Any]
    ) -> AsyncIterator[Chunks]:
        """Answer by the script."""
        del caller
        self.asked.append(body)
        self.call_ids.append(call_id)
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            answer = await self._answer(body)
            yield Answer(answer)
        except BaseException:
            self.left_early += 1
            raise
        finally:
            self.open -= 1

    async def _answer(self, body: dict[str, Any]) -> str:
        await asyncio.sleep(0)  # let others begin
        system, user = (each["content"] for each in body["messages"])
        answer = self.script(system, user)
        if isinstance(answer, LisaError):
            raise answer
        return answer

    async def images(self, caller: Principal, call_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the image answer."""
        del caller
        self.asked.append(body)
        self.call_ids.append(call_id)
        if isinstance(self.images_answer, LisaError) and "response_format" in body:
            raise self.images_answer
        return {} if isinstance(self.images_answer, LisaError) else self.images_answer
