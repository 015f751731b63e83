"""Stores calls and, in the same transaction, what they add to the sums: all once, or not yet."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from lisa.declared.tables import EXPIRES, USAGE
from lisa.domain.errors import ConditionFailed
from lisa.domain.usage import Call
from lisa.domain.usage_sums import LEASE, Sums, count, ended_at
from lisa.ports.journal import Batch
from lisa.ports.table import ABSENT, MAX_STEPS, Put, Row, Step, Tables, Update
from lisa.stores.usage.rows import (
    Counted,
    calls_row,
    end_of,
    every_sum_with,
    hour_of,
    person_key,
    stamp,
    sums_key,
)

USUAL_DAYS: Final = 90
DAYS_OF_SUMS: Final = 400  # a year can be compared with the one before by the day
MOST_CALLS: Final = 150  # so that their row is below the largest there can be
MOST_GREETED: Final = 50_000
MOST_GROUPS: Final = 50

Part: TypeAlias = list[tuple[Counted, Call]]  # calls of one transaction, each with its hour


@dataclass(frozen=True)
class UsageBatches:
    """Adds usage; `lane` keeps processes apart, `days` is how long calls are kept."""

    tables: Tables
    lane: int = 0
    days: int = USUAL_DAYS
    _greeted: set[str] = field(default_factory=set, init=False)

    async def add(self, batch: Batch) -> None:
        """Store the calls; what was stored before is left as it is and counted no second time."""
        for number, part in enumerate(_parts(batch.calls)):
            await self._greet(part)
            with suppress(ConditionFailed):
                await self.tables.transact(list(self._steps(part, f"{batch.id}.{number}")))

    def _steps(self, part: Part, name: str) -> Iterator[Step]:
        together: dict[object, list[Call]] = defaultdict(list)
        for hour, call in part:
            together[_row_of(hour)].append(call)
        for number, each in enumerate(together.values()):
            expires = self._expiry(ended_at(each[0]), self.days)
            yield Put(USAGE, calls_row(each, name, number) | expires, ABSENT)
        counted = [each for each in part if each[1].endpoint != LEASE]
        for what, sums in _summed(counted).items():
            yield self._sums_step(what, sums)
        yield from _people_steps(counted)

    def _sums_step(self, what: Counted, sums: Sums) -> Update:
        days = self.days if what.bucket == "hour" else max(self.days, DAYS_OF_SUMS)
        values: Row = {
            "start": stamp(what.start),
            "who": what.subject,
            "token": what.token,
            "model": what.model,
        }
        expires = self._expiry(end_of(what.bucket, what.start), days)
        return Update(USAGE, sums_key(what, self.lane), values | expires, add=dict(sums))

    def _expiry(self, moment: datetime, days: int) -> Row:
        return {EXPIRES: int((moment + timedelta(days=days)).timestamp())}

    async def _greet(self, part: Part) -> None:
        """Note, once per process and subject, when its first call was."""
        if len(self._greeted) > MOST_GREETED:
            self._greeted.clear()
        for _, call in part:
            if call.endpoint == LEASE or call.subject in self._greeted:
                continue
            key = person_key(call.subject)
            first: Row = {"pk": key.pk, "sk": key.sk, "first_seen": stamp(call.at)}
            with suppress(ConditionFailed):
                await self.tables.apply(Put(USAGE, first, ABSENT))
            self._greeted.add(call.subject)


def _parts(calls: tuple[Call, ...]) -> Iterator[Part]:
    """Cut a batch, always in the same way, so that each part fits one transaction."""
    part: Part = []
    hours: set[Counted] = set()
    touched: set[object] = set()
    for call in calls:
        hour = hour_of(call)
        places = set() if hour in hours else {_row_of(hour), hour.subject, *every_sum_with(hour)}
        if len(part) == MOST_CALLS or len(touched | places) > MAX_STEPS:
            yield part
            part, hours, touched = [], set(), set()
            places = {_row_of(hour), hour.subject, *every_sum_with(hour)}
        part.append((hour, call))
        hours.add(hour)
        touched |= places
    if part:
        yield part


def _row_of(hour: Counted) -> tuple[str, datetime]:
    return hour.subject, hour.start


def _summed(part: Part) -> dict[Counted, Sums]:
    by_hour: dict[Counted, Sums] = defaultdict(Counter)
    for hour, call in part:
        count(call, by_hour[hour])
    summed: dict[Counted, Sums] = defaultdict(Counter)
    for hour, sums in by_hour.items():
        for what in every_sum_with(hour):
            summed[what].update(sums)
    return summed


def _people_steps(part: Part) -> Iterator[Update]:
    by_subject: dict[str, list[Call]] = defaultdict(list)
    for _, call in part:
        by_subject[call.subject].append(call)
    for subject, theirs in by_subject.items():
        last = max(theirs, key=ended_at)
        yield Update(
            USAGE,
            person_key(subject),
            {"last_seen": stamp(last.at), "groups": [*sorted(last.groups)[:MOST_GROUPS]]},
            add={"requests": len(theirs)},
        )
