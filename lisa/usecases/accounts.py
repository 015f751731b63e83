"""The accounts of the local profile: made, listed, changed, removed; one's own password."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lisa.domain.accounts import Account
from lisa.domain.audit import Circumstances, Deed
from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed, Conflict, Forbidden, Invalid, NotFound
from lisa.domain.identity import MACHINE_OWNER, Principal
from lisa.domain.passwords import refuse_weak
from lisa.domain.people import Person
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.ports.clock import Clock
from lisa.ports.passwords import Passwords
from lisa.ports.table import Step
from lisa.stores.accounts import AccountStore
from lisa.stores.people import PeopleStore
from lisa.usecases.audit import CIRCUMSTANCES, Audit
from lisa.usecases.provider.attempts import Guesses

RESERVED: Final = frozenset({MACHINE_OWNER})
RECORDED: Final = {"name", "groups", "disabled"}
MOST_TRIES: Final = 20


@dataclass(frozen=True)
class Accounts:
    """What can be done with accounts.

    What is known of the person is written together with the account, so that their tokens follow
    it. A new password, disabling and removing end all sign-ins.
    """

    accounts: AccountStore
    people: PeopleStore
    passwords: Passwords
    guesses: Guesses
    clock: Clock
    audit: Audit

    async def create(
        self, caller: Principal, name: str, password: str, groups: frozenset[str]
    ) -> Account:
        """Make an account. Tokens of somebody who had the name before don't come to life again."""
        require(caller, Verb.CREATE, _thing(name))
        _refuse_reserved(name)
        refuse_weak(password, name)
        kept = await self.passwords.kept(password)
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            account = Account(name=name, groups=groups, kept=kept, created=now, sessions_from=now)
            if await self.accounts.by_name(name):
                raise Conflict(
                    f"there is an account {name} already",
                    next_step="choose another name",
                    code="account_exists",
                )
            record = await self.audit.step(caller, _deed(Verb.CREATE, after=account))
            try:
                person = await self._known(account, now, is_new=True)
                await self.accounts.add(account, record, person)
            except ConditionFailed:
                continue
            return account
        raise overtaken("the account")

    async def page(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Account], str]:
        """List accounts by name."""
        require(caller, Verb.LIST_ALL, Thing(Kind.ACCOUNT))
        return await self.accounts.page(limit, cursor)

    async def get(self, caller: Principal, name: str) -> Account:
        """Return an account."""
        return await self._reached(caller, Verb.READ, name)

    async def change(
        self,
        caller: Principal,
        name: str,
        *,
        groups: frozenset[str] | None = None,
        disabled: bool | None = None,
        password: str | None = None,
        version: int | None = None,
    ) -> Account:
        """Change what is given, if the account is still at the version that the caller has seen."""
        require(caller, Verb.CHANGE, _thing(name))
        values: dict[str, object] = {}
        if groups is not None:
            values["groups"] = groups
        if disabled is not None:
            values["disabled"] = disabled
        if password is not None:
            refuse_weak(password, name)
            values["kept"] = await self.passwords.kept(password)

        def changed(account: Account) -> Account:
            if version not in {None, account.version}:
                raise Conflict(
                    f"the account {name} was changed meanwhile",
                    next_step="read it again",
                    code="version_conflict",
                )
            return account.model_copy(update=values)

        return await self._change(caller, Verb.CHANGE, name, changed)

    async def remove(self, caller: Principal, name: str) -> None:
        """Forget the account; of the person remains that they are not let in."""
        for _ in range(MOST_TRIES):
            account = await self._reached(caller, Verb.DELETE, name)
            gone = account.model_copy(update={"disabled": True, "groups": frozenset()})
            record = await self.audit.step(caller, _deed(Verb.DELETE, before=account))
            try:
                person = await self._known(gone, self.clock.now())
                return await self.accounts.remove(account, record, person)
            except ConditionFailed:
                continue
        raise overtaken("the account")

    async def change_own_password(self, caller: Principal, current: str, new: str) -> None:
        """Let somebody who is signed in, and knows the password, choose another."""
        own = Thing(Kind.ACCOUNT, id=caller.subject, owner=caller.subject)
        require(caller, Verb.USE, own)
        account = await self.accounts.by_name(caller.subject)
        if caller.token_id or account is None or account.disabled:
            raise Forbidden(
                "only somebody signed in with an account of this LISA has a password here",
                next_step="sign in with your name and password first",
                code="no_account",
            )
        refuse_weak(new, account.name)
        await self._refuse_wrong(account, current)
        kept = await self.passwords.kept(new)

        def changed(now: Account) -> Account:
            if now.kept != account.kept:
                raise Conflict("the password was changed meanwhile", next_step="sign in again")
            return now.model_copy(update={"kept": kept})

        await self._change(caller, Verb.USE, account.name, changed, own)

    async def _refuse_wrong(self, account: Account, password: str) -> None:
        ip = (CIRCUMSTANCES.get() or Circumstances()).ip
        guess = await self.guesses.begin(account.name, ip)
        if not await self.passwords.is_same(account.kept, password):
            raise Forbidden(
                "the current password is wrong",
                next_step="try again, or ask an administrator for a new one",
                code="wrong_password",
            )
        await self.guesses.succeeded(guess)

    async def _change(
        self,
        caller: Principal,
        verb: Verb,
        name: str,
        changed: Callable[[Account], Account],
        thing: Thing | None = None,
    ) -> Account:
        for _ in range(MOST_TRIES):
            old = await self._reached(caller, verb, name, thing)
            new, now = changed(old), self.clock.now()
            if new == old:
                return old
            renewed = new.kept != old.kept
            if renewed or (new.disabled and not old.disabled):
                new = new.model_copy(update={"sessions_from": now})
            deed = _deed(Verb.CHANGE, before=old, after=new)
            deed = replace(deed, reason="new password" if renewed else "")
            record = await self.audit.step(caller, deed)
            try:
                return await self.accounts.change(old, new, record, await self._known(new, now))
            except ConditionFailed:
                continue
        raise overtaken("the account")

    async def _known(self, account: Account, now: datetime, *, is_new: bool = False) -> Step:
        """Return the step that writes what is known of the person from now on."""
        known = await self.people.by_subject(account.name)
        values = {
            "groups": account.groups,
            "seen": now,
            "disabled": account.disabled,
            "ended": now if account.disabled else account.sessions_from,
        }
        if known and is_new:
            values["since"] = now
        person = known or Person(subject=account.name)
        return self.people.step(person.model_copy(update=values))

    async def _reached(
        self, caller: Principal, verb: Verb, name: str, thing: Thing | None = None
    ) -> Account:
        require(caller, verb, thing or _thing(name))
        account = await self.accounts.by_name(name)
        if account is None:
            raise NotFound(
                f"there is no account {name}",
                next_step="`lisa user list` shows them",
                code="account_not_found",
            )
        return account


def _thing(name: str) -> Thing:
    return Thing(Kind.ACCOUNT, id=name)


def _deed(verb: Verb, *, before: Account | None = None, after: Account | None = None) -> Deed:
    old, new = (
        account.model_dump(mode="json", include=RECORDED) if account else None
        for account in (before, after)
    )
    account = after or before
    return Deed(verb, Kind.ACCOUNT, account.name if account else "", before=old, after=new)


def _refuse_reserved(name: str) -> None:
    if name in RESERVED:
        raise Invalid(
            f"the name {name} stands for the owner of the machine",
            next_step="choose another name",
            code="name_reserved",
        )
