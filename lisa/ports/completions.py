"""The completions port: a turn asks models, within its caller's rights, limits and budget."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from lisa.domain.identity import Principal
from lisa.domain.model import Model


@dataclass
class Spent:
    """What a call took; filled in when its stream has ended."""

    cost: float = 0.0
    price_source: str = ""
    served_by: str = ""


class Chunks(Protocol):
    """A model's answer as it comes."""

    spent: Spent

    def __aiter__(self) -> AsyncIterator[dict[str, JsonValue]]:
        """Yield `chat.completion.chunk` objects; raises of the family where the answer breaks."""


class Completions(Protocol):
    """Asks models on behalf of a caller.

    Raises `NotFound` for a model the caller may not use, `LimitReached` with `retry_after`,
    `Invalid` in the upstream's words, `Unavailable` where none answers.
    """

    def model(self, caller: Principal, name: str) -> Model:
        """Return a model that the caller may use."""

    async def check(self, caller: Principal, call_id: str, body: dict[str, JsonValue]) -> None:
        """Raise `LimitReached` if a call with such a body would be refused; it reserves nothing."""

    def chat(
        self, caller: Principal, call_id: str, body: dict[str, JsonValue]
    ) -> AbstractAsyncContextManager[Chunks]:
        """Ask by the body of a chat completion; leaving early ends the upstream's work."""

    async def images(
        self, caller: Principal, call_id: str, body: dict[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Ask for images; return the body of the answer."""


@dataclass
class Told:
    """A whole answer to a small question of our own, such as for a title."""

    text: str = ""
    spent: Spent = field(default_factory=Spent)
