"""How calls and sums lie in rows."""

from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Final, Literal, NamedTuple, TypeAlias

from pydantic import TypeAdapter

from lisa.domain.usage import Call
from lisa.domain.usage_sums import ended_at
from lisa.ports.table import Key, Row

SHARDS: Final = 8
EVERYBODY: Final = "all"
Bucket: TypeAlias = Literal["hour", "day"]
_CALLS: Final = TypeAdapter(tuple[Call, ...])
GROUPS: Final = {"groups"}


class Counted(NamedTuple):
    """What sums are kept for; an empty subject stands for everybody."""

    bucket: Bucket
    start: datetime
    subject: str
    token: str
    model: str


class Told(NamedTuple):
    """A call with what is asked of it more than once: its end, how it is written, its hour."""

    call: Call
    ended: datetime
    text: str
    hour: Counted


def told(call: Call) -> Told:
    """Work these out; the hour is the finest of the sums that the call adds to."""
    ended = ended_at(call)
    start = start_of("hour", ended)
    hour = Counted("hour", start, call.subject, call.token_id or "", call.model)
    text = call.model_dump_json(exclude=GROUPS, exclude_defaults=True)
    return Told(call, ended, text, hour)


@lru_cache(maxsize=4096)
def every_sum_with(hour: Counted) -> tuple[Counted, ...]:
    """Return all sums of which that hour's are a part, itself among them."""
    day = hour._replace(bucket="day", start=start_of("day", hour.start))
    return (hour, day, *(each._replace(subject="", token="") for each in (hour, day)))


def start_of(bucket: Bucket, moment: datetime) -> datetime:
    """Return when the hour or day began."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour if bucket == "hour" else hour.replace(hour=0)


def end_of(bucket: Bucket, start: datetime) -> datetime:
    """Return when the hour or day ends."""
    return start + (timedelta(hours=1) if bucket == "hour" else timedelta(days=1))


def sums_key(counted: Counted, lane: int) -> Key:
    """Return where those sums of this lane lie."""
    within = f"{counted.start:%H}" if counted.bucket == "hour" else f"{counted.start:%d}"
    shard = str(shard_of(counted.subject)) if counted.subject else EVERYBODY
    sort = f"{who(counted.subject)}#{within}#{counted.model}#{counted.token}#{lane}"
    return Key(sums_partition(counted.bucket, counted.start, shard), sort)


def sums_partition(bucket: Bucket, moment: datetime, shard: str) -> str:
    """Return where the sums of that moment lie: a day's hours, a month's days."""
    return (
        f"hours#{moment:%Y-%m-%d}#{shard}" if bucket == "hour" else f"days#{moment:%Y-%m}#{shard}"
    )


def person_key(subject: str) -> Key:
    """Return where it lies when a subject called."""
    return Key(people_partition(shard_of(subject)), subject)


def people_partition(shard: int) -> str:
    """Return where a shard's people lie."""
    return f"people#{shard}"


def calls_partition(date: str, shard: int) -> str:
    """Return where a day's calls of that shard lie."""
    return f"calls#{date}#{shard}"


def shard_of(subject: str) -> int:
    """Return which shard a subject is in."""
    return int(who(subject)[:2], 16) % SHARDS


def who(subject: str) -> str:
    """Return a subject's place in the order: every name as long as any other."""
    return blake2b(subject.encode(), digest_size=8).hexdigest() if subject else ""


def stamp(moment: datetime) -> str:
    """Write a time so that the order of texts is that of times."""
    return moment.isoformat(timespec="microseconds")


def calls_row(calls: list[Told], batch: str, number: int) -> Row:
    """Return the row of calls by one subject in one hour; groups are told of people, not calls."""
    newest_first = sorted(calls, key=attrgetter("ended"), reverse=True)
    latest = stamp(newest_first[0].ended)
    subject = calls[0].call.subject
    sort = f"{latest}#{batch}#{number}"
    return {
        "pk": calls_partition(latest[:10], shard_of(subject)),
        "sk": sort,
        "subject": subject,
        "ended": sort,
        "calls": f"[{','.join([each.text for each in newest_first])}]",
    }


def calls_of(row: Row) -> tuple[Call, ...]:
    """Return the calls in a row, newest first."""
    return _CALLS.validate_json(str(row["calls"]))
