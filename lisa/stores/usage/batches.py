"""Stores calls and, in the same transaction, what they add to the sums: all once, or not yet."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final, TypeAlias

from lisa.declared.tables import EXPIRES, USAGE
from lisa.domain.errors import ConditionFailed
from lisa.domain.usage import Call
from lisa.domain.usage_sums import LEASE, Sums, count
from lisa.ports.journal import Batch
from lisa.ports.table import ABSENT, MAX_STEPS, Put, Row, Step, Tables, Update
from lisa.stores.usage.rows import (
    Counted,
    Told,
    calls_row,
    end_of,
    every_sum_with,
    person_key,
    stamp,
    sums_key,
    told,
)

USUAL_DAYS: Final = 90
DAYS_OF_SUMS: Final = 400  # a year can be compared with the one before by the day
MOST_BYTES: Final = 300_000  # so that their row is below the largest there can be
MOST_GREETED: Final = 50_000
MOST_GROUPS: Final = 50

Part: TypeAlias = list[Told]  # calls of one transaction


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
        together: dict[object, list[Told]] = defaultdict(list)
        for each in part:
            together[_row_of(each.hour)].append(each)
        for number, calls in enumerate(together.values()):
            expires = self._expiry(calls[0].ended, self.days)
            yield Put(USAGE, calls_row(calls, name, number) | expires, ABSENT)
        counted = [each for each in part if each.call.endpoint != LEASE]
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
        for call, *_ in part:
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
    size = 0
    for each in map(told, calls):
        bytes_of_it = len(each.text.encode()) + 1
        places = set() if each.hour in hours else _places_of(each.hour)
        if size + bytes_of_it > MOST_BYTES or len(touched | places) > MAX_STEPS:
            yield part
            part, hours, touched, size = [], set(), set(), 0
            places = _places_of(each.hour)
        part.append(each)
        size += bytes_of_it
        hours.add(each.hour)
        touched |= places
    if part:
        yield part


def _places_of(hour: Counted) -> set[object]:
    return {_row_of(hour), hour.subject, *every_sum_with(hour)}


def _row_of(hour: Counted) -> tuple[str, datetime]:
    return hour.subject, hour.start


def _summed(part: Part) -> dict[Counted, Sums]:
    by_hour: dict[Counted, list[Call]] = defaultdict(list)
    for each in part:
        by_hour[each.hour].append(each.call)
    summed: dict[Counted, Sums] = defaultdict(Counter)
    for hour, calls in by_hour.items():
        sums: Sums = Counter()
        count(calls, sums)
        for what in every_sum_with(hour):
            summed[what].update(sums)
    return summed


def _people_steps(part: Part) -> Iterator[Update]:
    by_subject: dict[str, Part] = defaultdict(list)
    for each in part:
        by_subject[each.call.subject].append(each)
    for subject, theirs in by_subject.items():
        last = max(theirs, key=attrgetter("ended")).call
        yield Update(
            USAGE,
            person_key(subject),
            {"last_seen": stamp(last.at), "groups": [*sorted(last.groups)[:MOST_GROUPS]]},
            add={"requests": len(theirs)},
        )
