"""What the gateway asks of others on each call: leave to go on, and a note of what it used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.usage import Call, Counts


@dataclass(slots=True)
class Ask:
    """A call as limits see it, before it is sent."""

    id: str
    caller: Principal
    model: Model
    endpoint: str
    prompt_estimate: int  # tokens; about a quarter of the characters
    most_completion: int  # max_tokens of the request, else the model's cap, else a default
    images: int = 0


class Permit(Protocol):
    """A reservation that was granted; it has to be settled exactly once."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What is left, as response headers (`x-ratelimit-...`)."""

    async def settle(self, counts: Counts | None, cost: float) -> None:
        """Put what was used in place of what was reserved; `None`: nothing was used."""


class Limiter(Protocol):
    """Decides whether a call fits all limits that hold for it."""

    async def admit(self, ask: Ask) -> Permit:
        """Reserve, or raise `LimitReached` with `retry_after` seconds."""


class Meter(Protocol):
    """Takes note of calls.

    `begin` comes once a call has been admitted, just before it is sent; where a fallback is asked,
    again with the fallback's ask. `note` comes once at the end of every call, begun or not.
    """

    def begin(self, ask: Ask) -> None:
        """Remember what the call may use at most; returns at once and never fails."""

    def note(self, call: Call) -> None:
        """Keep the record; returns at once and never fails."""


class Unlimited:
    """Lets every call go on, where no limits are configured at all."""

    headers: Mapping[str, str] = {}

    async def admit(self, ask: Ask) -> Permit:
        """Reserve nothing."""
        del ask
        return self

    async def settle(self, counts: Counts | None, cost: float) -> None:
        """Keep nothing."""
        del counts, cost
