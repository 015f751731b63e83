"""The configuration while LISA runs: read, changed with its history, and enforced by switches."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from lisa.domain.audit import Deed, Outcome
from lisa.domain.configuration import GLOBAL, Configuration, Version, read
from lisa.domain.errors import Conflict, Forbidden
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.ports.clock import Clock
from lisa.stores.configuration import ConfigurationStore, differs
from lisa.usecases.audit import Audit

KEPT_FOR: Final = timedelta(seconds=1)
THING: Final = Thing(Kind.CONFIGURATION)


@dataclass
class Switches:
    """What is switched on: asked by the use cases, so that a switch is more than a hidden button.

    The answer is at most a second old; without an answer nothing is allowed.
    """

    store: ConfigurationStore
    clock: Clock
    _known: tuple[datetime, Configuration] | None = None

    async def configuration(self) -> Configuration:
        """Return the configuration of at most a second ago."""
        if known := self.remembered():
            return known
        now = self.clock.now()
        configuration = (await self.store.current()).configuration
        self._known = (now, configuration)
        return configuration

    def remembered(self) -> Configuration | None:
        """Return it if it was read at most a second ago."""
        if self._known and timedelta() <= self.clock.now() - self._known[0] < KEPT_FOR:
            return self._known[1]
        return None

    async def is_on(self, name: str) -> bool:
        """Tell whether the switch of this name on the wire, e.g. `awsSessions`, is on."""
        return (await self.configuration()).switches()[name]

    async def require(self, name: str) -> None:
        """Return if it is on, else raise `Forbidden`."""
        if not await self.is_on(name):
            raise Forbidden(
                f"an administrator has switched off {name}",
                next_step="ask an administrator to switch it on",
                code="switched_off",
            )

    def forget(self) -> None:
        """Ask the store next time."""
        self._known = None


@dataclass(frozen=True)
class Configurations:
    """Reads and changes the document."""

    store: ConfigurationStore
    switches: Switches
    audit: Audit
    clock: Clock

    async def current(self, caller: Principal) -> Version:
        """Return the current version; others' limits, who changed it and why is for admins."""
        require(caller, Verb.READ, THING)
        version = await self.store.current()
        if caller.admin:
            return version
        own = version.configuration.limits.seen_by(caller)
        shown = version.configuration.model_copy(update={"limits": own})
        hidden = {"configuration": shown, "changed_by": "", "reason": ""}
        return version.model_copy(update=hidden)

    async def history(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Version], str]:
        """Return all versions, newest first."""
        require(caller, Verb.LIST_ALL, THING)
        return await self.store.page(limit, cursor)

    async def change(
        self, caller: Principal, *, version: int, document: JsonValue, reason: str
    ) -> Version:
        """Make this the next version, if the current one is still the one it is based on."""
        require(caller, Verb.CHANGE, THING)
        former = await self.store.current()
        configuration = _with_limits(read(document), document, former.configuration)
        changed = Version(
            number=version + 1,
            configuration=configuration,
            changed=self.clock.now(),
            changed_by=caller.subject,
            reason=reason,
        )
        try:
            await self._store(caller, former, changed)
        except Conflict as conflict:
            await self.audit.note(caller, _deed(former, changed, conflict.precise_code))
            raise
        self.switches.forget()
        return changed

    async def _store(self, caller: Principal, former: Version, changed: Version) -> None:
        if former.number != changed.number - 1:
            raise differs(changed.number - 1)
        record = await self.audit.step(caller, _deed(former, changed))
        await self.store.add(changed, record)


def _with_limits(
    wanted: Configuration, document: JsonValue, former: Configuration
) -> Configuration:
    """Keep the limits where a document has no word of them, as one of a LISA client hasn't."""
    if isinstance(document, dict) and "limits" in document:
        return wanted
    return wanted.model_copy(update={"limits": former.limits})


def _deed(former: Version, changed: Version, failure: str = "") -> Deed:
    return Deed(
        Verb.CHANGE,
        Kind.CONFIGURATION,
        GLOBAL,
        before=former.configuration.wire(),
        after=changed.configuration.wire(),
        outcome=Outcome.FAILED if failure else Outcome.ALLOWED,
        reason=failure or changed.reason,
    )
