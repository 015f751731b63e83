"""Recording what administrators do and what is refused, and reading that record."""

import hashlib
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from lisa.domain.audit import (
    Circumstances,
    Deed,
    Entry,
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
Alike: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """The record of administrative deeds: it is added to and read, nothing else."""

    store: AuditStore
    clock: Clock
    ids: Ids

    async def note(self, who: Principal, deed: Deed) -> None:
        """Record what was done or tried."""
        await self.store.add(self.entry(who, deed))

    async def step(self, who: Principal, deed: Deed) -> Put:
        """Return the record as a step of the very transaction that does the deed."""
        return await self.store.step(self.entry(who, deed))

    async def page(self, caller: Principal, search: Search) -> tuple[list[Entry], str]:
        """Return entries, newest first, and the cursor from which to go on."""
        require(caller, Verb.LIST_ALL, Thing(Kind.AUDIT))
        return await self.store.page(search)

    def entry(self, who: Principal | None, deed: Deed) -> Entry:
        """Return the record of a deed; without `who`, of a caller nobody knows."""
        around = CIRCUMSTANCES.get() or Circumstances()
        return Entry(
            id=self.ids.new("audit"),
            when=self.clock.now(),
            who=who.subject if who else "",
            how=(who.token_id or BY_SIGN_IN) if who else "",
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
    """Records refused requests, so that nobody can fill the record by being refused.

    Equal refusals of a minute are one entry that counts them and tells of the last; those that
    come while it is being written are written together.
    """

    audit: Audit
    _waiting: Counter[Alike] = field(default_factory=Counter, init=False)
    _writing: set[Alike] = field(default_factory=set, init=False)

    async def note(self, who: Principal | None, deed: Deed) -> None:
        """Record one refusal; without `who`, of a caller nobody knows."""
        same = _alike(who, deed)
        self._waiting[same] += 1
        if same in self._writing:
            return
        self._writing.add(same)
        try:
            while times := self._waiting.pop(same, 0):
                await self.audit.store.count(self._of_this_minute(who, deed, times))
        finally:
            self._waiting.pop(same, 0)
            self._writing.discard(same)

    def _of_this_minute(self, who: Principal | None, deed: Deed, times: int) -> Entry:
        entry = self.audit.entry(who, deed)
        digest = hashlib.sha256("\n".join(_alike(who, deed)).encode()).hexdigest()[:24]
        minute = entry.when.replace(second=0, microsecond=0)
        ip = entry.ip if who else neighbourhood(entry.ip)
        changes = {"id": f"refused_{digest}", "when": minute, "ip": ip, "count": times}
        return entry.model_copy(update=changes)


def _alike(who: Principal | None, deed: Deed) -> Alike:
    """Return what equal refusals have in common; a caller can't make up any number of them."""
    if who is None:
        around = CIRCUMSTANCES.get() or Circumstances()
        return ("", neighbourhood(around.ip), deed.reason)
    return (who.subject, who.token_id or BY_SIGN_IN, deed.verb, deed.route, deed.reason)


def _shown(text: str) -> str:
    """Mask more than is shown, so that no token is cut before it is known for one."""
    return masked_text(plain(text)[: 2 * LONGEST_TEXT])[:LONGEST_TEXT]
