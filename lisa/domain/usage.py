"""What one call to a model used, whoever provided it."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from lisa.domain.model import Prices

MILLION: Final = 1_000_000


class Counts(BaseModel):  # noqa: PLW1641 - frozen, it gets its hash from pydantic
    """What an upstream says a call used, or what we estimate."""

    model_config = ConfigDict(frozen=True)

    prompt: int = Field(default=0, ge=0)
    completion: int = Field(default=0, ge=0)
    cached: int = Field(default=0, ge=0)
    reasoning: int = Field(default=0, ge=0)
    images: int = Field(default=0, ge=0)
    estimated: bool = False

    def __eq__(self, other: object) -> bool:
        """Compare values alone: this is asked twice for each call that is written down."""
        return isinstance(other, Counts) and self.__dict__ == other.__dict__

    @property
    def total(self) -> int:
        """Return prompt and completion together."""
        return self.prompt + self.completion


class Call(BaseModel):
    """One record per call: the same for every provider, streamed or not, finished or not.

    `status` is what the caller got; `ended` says how: `done`, `failed`, `gone` (the caller left) or
    `cut` (the upstream broke off). Money is in US dollars; `price_source` says whose price it is,
    empty where none is known. `unsettled` marks a reservation that nobody settled.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    at: datetime
    subject: str
    groups: frozenset[str] = frozenset()
    token_id: str | None = None
    model: str
    endpoint: str
    upstream: str = ""
    served_by: str = ""  # the model that answered, where a fallback did
    tries: int = 0
    status: int
    ended: str = "done"
    streamed: bool = False
    cache_hit: bool = False
    counts: Counts = Counts()
    cost: float = 0.0
    price_source: str = ""
    first_byte_ms: float | None = None
    total_ms: float = 0.0
    unsettled: bool = False


def cost_of(prices: Prices | None, counts: Counts) -> float:
    """Return what that costs in US dollars; nothing where no price is known."""
    if prices is None:
        return 0.0
    cheaper = prices.prompt if prices.cached_prompt is None else prices.cached_prompt
    cached = min(counts.cached, counts.prompt)
    tokens = (counts.prompt - cached) * prices.prompt + cached * cheaper
    tokens += counts.completion * prices.completion
    return tokens / MILLION + counts.images * prices.image
