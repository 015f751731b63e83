"""Recording what administrators do and what is refused, and reading that record."""

import hashlib
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.audit import (
    Circumstances,
    Deed,
    Entry,
    Outcome,
    bounded,
    masked,
    masked_text,
    neighbourhood,
)
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.session import plain
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import Put
from lisa.stores.audit import AuditStore, Search

# Set by the door for the course of one call, so that no use case has to hand it on.
CIRCUMSTANCES: ContextVar[Circumstances | None] = ContextVar("circumstances", default=None)
LONGEST_TEXT: Final = 500
BY_SIGN_IN: Final = "session"


@dataclass(frozen=True)
class Audit:
    """The record of administrative deeds: it is added to and read, nothing else."""

    store: AuditStore
    clock: Clock
    ids: Ids

    async def note(self, who: Principal, deed: Deed) -> None:
        """Record what was done or tried."""
        await self.store.add(self._entry(who, deed))

    async def step(self, who: Principal, deed: Deed) -> Put:
        """Return the record as a step of the very transaction that does the deed."""
        return await self.store.step(self._entry(who, deed))

    async def page(self, caller: Principal, search: Search) -> tuple[list[Entry], str]:
        """Return entries, newest first, and the cursor from which to go on."""
        require(caller, Verb.LIST_ALL, Thing(Kind.AUDIT))
        return await self.store.page(search)

    def _entry(self, who: Principal, deed: Deed) -> Entry:
        around = CIRCUMSTANCES.get() or Circumstances()
        return Entry(
            id=self.ids.new("audit"),
            when=self.clock.now(),
            who=who.subject,
            how=who.token_id or BY_SIGN_IN,
            ip=around.ip,
            verb=deed.verb,
            kind=deed.kind,
            object_id=_shown(deed.object_id),
            outcome=deed.outcome,
            reason=_shown(deed.reason),
            before=bounded(masked(deed.before)),
            after=bounded(masked(deed.after)),
            request_id=around.request_id,
        )


@dataclass(frozen=True)
class Refusals:
    """Records refused requests.

    Of callers nobody knows, equal refusals of a minute are one entry that counts them; those that
    come while it is being written are written together.
    """

    audit: Audit
    _waiting: Counter[tuple[str, str]] = field(default_factory=Counter, init=False)
    _writing: set[tuple[str, str]] = field(default_factory=set, init=False)

    async def note(self, who: Principal | None, deed: Deed) -> None:
        """Record one refusal."""
        if who is None:
            await self._count(deed)
        else:
            await self.audit.note(who, deed)

    async def _count(self, deed: Deed) -> None:
        around = CIRCUMSTANCES.get() or Circumstances()
        same = (neighbourhood(around.ip), deed.reason)
        self._waiting[same] += 1
        if same in self._writing:
            return
        self._writing.add(same)
        try:
            while times := self._waiting.pop(same, 0):
                await self.audit.store.count(self._of_this_minute(deed, same, times))
        finally:
            self._waiting.pop(same, 0)
            self._writing.discard(same)

    def _of_this_minute(self, deed: Deed, same: tuple[str, str], times: int) -> Entry:
        ip, reason = same
        digest = hashlib.sha256(f"{ip} {reason}".encode()).hexdigest()[:24]
        around = CIRCUMSTANCES.get() or Circumstances()
        return Entry(
            id=f"refused_{digest}",
            when=self.audit.clock.now().replace(second=0, microsecond=0),
            ip=ip,
            verb=deed.verb,
            kind=deed.kind,
            object_id=_shown(deed.object_id),
            outcome=Outcome.DENIED,
            reason=reason,
            request_id=around.request_id,
            count=times,
        )


def _shown(text: str) -> str:
    """Mask more than is shown, so that no token is cut before it is known for one."""
    return masked_text(plain(text)[: 2 * LONGEST_TEXT])[:LONGEST_TEXT]
