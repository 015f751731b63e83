"""Usage as it is sent: sums with their percentiles, calls, and what LISA's clients know."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel

from lisa.domain.errors import Invalid
from lisa.domain.usage import Call
from lisa.domain.usage_sums import Sums, Timing, dollars, ended_at, percentile
from lisa.usecases.usage import Line, Summary


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise Invalid("this time is outside the calendar", code="bad_time") from error


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class Milliseconds(BaseModel):
    """How long it took: on average, and within what time half and 95 of 100 calls were there."""

    mean: float | None
    p50: float | None
    p95: float | None

    @classmethod
    def of(cls, sums: Sums, timing: Timing, among: int) -> "Milliseconds":
        """Tell it from sums."""
        return cls(
            mean=sums[f"{timing}_ms"] / among if among else None,
            p50=percentile(sums, timing, 0.5),
            p95=percentile(sums, timing, 0.95),
        )


class Used(BaseModel):
    """Calls summed up. `cost` is in US dollars; `unsettled` of the calls have an assumed usage."""

    requests: int
    errors: int
    cache_hits: int
    unsettled: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    images: int
    cost: float
    first_byte_ms: Milliseconds
    total_ms: Milliseconds


class UsageLine(Used):
    """What one model, subject or token used from `start` on."""

    start: datetime
    name: str


class UsagePage(BaseModel):
    """Lines in order of time and name; `total` is over all pages."""

    since: datetime
    until: datetime
    items: list[UsageLine]
    total: Used
    next_cursor: str


class CallOut(BaseModel):
    """One call. Of what was asked and answered nothing is kept."""

    id: str
    at: datetime
    ended_at: datetime
    subject: str
    token_id: str | None
    model: str
    endpoint: str
    upstream: str
    served_by: str
    tries: int
    status: int
    ended: str
    streamed: bool
    cache_hit: bool
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    images: int
    estimated: bool
    cost: float
    price_source: str
    first_byte_ms: float | None
    total_ms: float
    unsettled: bool

    @classmethod
    def of(cls, call: Call) -> "CallOut":
        """Show a call."""
        counts = call.counts
        return cls.model_validate(
            call.model_dump(exclude={"counts", "groups"})
            | {
                "ended_at": ended_at(call),
                "prompt_tokens": counts.prompt,
                "completion_tokens": counts.completion,
                "cached_tokens": counts.cached,
                "reasoning_tokens": counts.reasoning,
                "images": counts.images,
                "estimated": counts.estimated,
            }
        )


class CallPage(BaseModel):
    """Calls, newest first."""

    items: list[CallOut]
    next_cursor: str


def used(sums: Sums) -> Used:
    """Show sums."""
    with_first_byte = sum(n for name, n in sums.items() if _is_bucket_of_first_byte(name))
    return Used(
        requests=sums["requests"],
        errors=sums["errors"],
        cache_hits=sums["cache_hits"],
        unsettled=sums["unsettled"],
        prompt_tokens=sums["prompt"],
        completion_tokens=sums["completion"],
        cached_tokens=sums["cached"],
        reasoning_tokens=sums["reasoning"],
        images=sums["images"],
        cost=dollars(sums["cost"]),
        first_byte_ms=Milliseconds.of(sums, "first_byte", with_first_byte),
        total_ms=Milliseconds.of(sums, "total", sums["requests"]),
    )


def usage_page(summary: Summary, lines: list[Line], cursor: str) -> UsagePage:
    """Show some of the lines."""
    items = [
        UsageLine(start=line.start, name=line.name, **used(line.sums).model_dump())
        for line in lines
    ]
    return UsagePage(
        since=summary.since,
        until=summary.until,
        items=items,
        total=used(summary.total),
        next_cursor=cursor,
    )


def _is_bucket_of_first_byte(name: str) -> bool:
    return name.startswith("first_byte") and name != "first_byte_ms"
