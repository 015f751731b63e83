"""What was used: summed up, call by call, and person by person; one's own, or all for admins."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from lisa.domain.errors import Invalid
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb, decide, require
from lisa.domain.usage import Call
from lisa.domain.usage_sums import Sums
from lisa.ports.clock import Clock
from lisa.stores.usage.records import CallSearch, UsageRecords
from lisa.stores.usage.rows import Bucket, Counted
from lisa.stores.usage.sums import Person, Span, UsageSums

By: TypeAlias = Literal["model", "subject", "token"]
LONGEST: Final[dict[Bucket, timedelta]] = {
    "hour": timedelta(days=15),
    "day": timedelta(days=400),
}
USUAL: Final[dict[Bucket, timedelta]] = {"hour": timedelta(days=1), "day": timedelta(days=30)}
LONGEST_LIST: Final = timedelta(days=100)
USUAL_LIST: Final = timedelta(days=1)


@dataclass(frozen=True)
class SumsWanted:
    """Which sums: of which time, and of what; a side left open is told by the other."""

    bucket: Bucket = "day"
    since: datetime | None = None
    until: datetime | None = None
    by: By = "model"
    subject: str = ""
    model: str = ""
    token: str = ""
    whole: bool = False  # one line for the whole time, not one for each hour or day

    def wants(self, counted: Counted) -> bool:
        """Tell whether this is meant."""
        return self.model in {"", counted.model} and self.token in {"", counted.token}

    @property
    def tells_subjects_apart(self) -> bool:
        """Tell whether sums over everybody aren't enough."""
        return self.by != "model" or bool(self.token)


@dataclass(frozen=True)
class Line:
    """The sums of one model, subject or token, in one hour or day or in the whole time."""

    start: datetime
    name: str
    sums: Sums


@dataclass(frozen=True)
class Summary:
    """Lines in order of time and name, and all of them together."""

    since: datetime
    until: datetime
    lines: Sequence[Line]
    total: Sums


@dataclass(frozen=True)
class Usages:
    """Reads usage."""

    sums: UsageSums
    records: UsageRecords
    clock: Clock

    async def summary(self, caller: Principal, wanted: SumsWanted) -> Summary:
        """Sum up."""
        subject = _allowed_subject(caller, wanted.subject)
        usual, longest = USUAL[wanted.bucket], LONGEST[wanted.bucket]
        since, until = self._bounds(wanted.since, wanted.until, usual, longest)
        span = Span(wanted.bucket, since, until)
        found = await self._read(span, subject, wanted)
        summed: dict[tuple[datetime, str], Sums] = {}
        total: Sums = Counter()
        for counted, sums in found:
            if wanted.wants(counted):
                start = since if wanted.whole else counted.start
                summed.setdefault((start, _name(counted, wanted.by)), Counter()).update(sums)
                total.update(sums)
        lines = [Line(*key, sums) for key, sums in sorted(summed.items(), key=lambda each: each[0])]
        return Summary(since, until, lines, total)

    async def calls(
        self,
        caller: Principal,
        search: CallSearch,
        since: datetime | None,
        until: datetime | None,
    ) -> tuple[list[Call], str]:
        """Return calls, newest first, and the cursor from which to go on."""
        subject = _allowed_subject(caller, search.subject)
        since, until = self._bounds(since, until, USUAL_LIST, LONGEST_LIST)
        return await self.records.page(replace(search, subject=subject, since=since, until=until))

    async def person(self, caller: Principal, subject: str) -> Person:
        """Return when somebody called first and last, and how often, which may be never."""
        require(caller, Verb.READ, Thing(Kind.USAGE, owner=subject))
        return await self.sums.person(subject) or Person(subject)

    def people(self, caller: Principal) -> AsyncIterator[Person]:
        """Return everybody who ever called."""
        require(caller, Verb.LIST_ALL, Thing(Kind.USAGE))
        return self.sums.people()

    async def _read(
        self, span: Span, subject: str, wanted: SumsWanted
    ) -> list[tuple[Counted, Sums]]:
        if subject:
            return await self.sums.of_subject(span, subject)
        if wanted.tells_subjects_apart:
            return await self.sums.of_each(span)
        return await self.sums.of_all(span)

    def _bounds(
        self,
        since: datetime | None,
        until: datetime | None,
        usual: timedelta,
        longest: timedelta,
    ) -> tuple[datetime, datetime]:
        """Fill in what was left open, and refuse what is too long or outside the calendar."""
        until = until or self.clock.now()
        try:
            since = since or until - usual
            is_fine = timedelta() < until - since <= longest and until + longest
        except OverflowError as error:
            raise _wrong_time(longest) from error
        if not is_fine:
            raise _wrong_time(longest)
        return since, until


def _allowed_subject(caller: Principal, subject: str) -> str:
    """Return whose usage is shown: without a name everybody's, where that is allowed."""
    if not subject and decide(caller, Verb.LIST_ALL, Thing(Kind.USAGE)).allowed:
        return ""
    asked = subject or caller.subject
    require(caller, Verb.READ, Thing(Kind.USAGE, owner=asked))
    return asked


def _name(counted: Counted, by: By) -> str:
    return {"model": counted.model, "subject": counted.subject, "token": counted.token}[by]


def _wrong_time(longest: timedelta) -> Invalid:
    return Invalid(
        f"the time asked for must end after it begins and have at most {longest.days} days",
        next_step="ask for it in pieces, or for days in place of hours",
        code="bad_time",
    )
