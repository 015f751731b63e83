"""Signing in by name and password; an unknown name costs as much time and reads the same."""

import re
from dataclasses import dataclass
from typing import Final

from lisa.domain.accounts import LONGEST_PASSWORD, NAME_PATTERN, Account
from lisa.domain.audit import Deed, Outcome
from lisa.domain.errors import LimitReached, Unauthenticated
from lisa.domain.identity import Principal, digest
from lisa.domain.policy import Kind
from lisa.domain.provider.grants import SignedIn
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.passwords import Passwords
from lisa.stores.accounts import AccountStore
from lisa.stores.provider.sign_ins import ProviderSignIns
from lisa.usecases.audit import Audit, Refusals
from lisa.usecases.provider.attempts import Guesses

SIGN_IN: Final = "sign-in"


@dataclass(frozen=True)
class PasswordSignIn:
    """Knows people by their passwords; `decoy` is kept for a password that nobody has."""

    accounts: AccountStore
    passwords: Passwords
    decoy: str
    guesses: Guesses
    sign_ins: ProviderSignIns
    audit: Audit
    refusals: Refusals
    clock: Clock
    ids: Ids

    async def sign_in(self, name: str, password: str, ip: str) -> tuple[SignedIn, str]:
        """Return who signed in, and the value of a new cookie."""
        name = name.strip().lower()
        try:
            made = await self.guesses.begin(name, ip)
        except LimitReached:
            await self._note_failure("too many attempts to sign in", "")
            raise
        account = await self._by_password(name, password)
        await self.guesses.succeeded(made)
        cookie = self.ids.secret()
        signed_in = SignedIn(account=account.name, at=self.clock.now(), session=digest(cookie))
        await self.sign_ins.add(signed_in)
        await self.audit.note(Principal(subject=account.name), _deed(account.name))
        return signed_in, cookie

    async def _by_password(self, name: str, password: str) -> Account:
        account = None
        if re.fullmatch(NAME_PATTERN, name):
            account = await self.accounts.by_name(name)
        kept = account.kept if account else self.decoy
        same = await self.passwords.is_same(kept, password[: LONGEST_PASSWORD + 1])
        if account and same and not account.disabled:
            return account
        known = account.name if account else ""
        await self._note_failure(f"wrong password of {known}" if known else "unknown name", known)
        raise Unauthenticated(
            "this name and password don't belong together",
            next_step="try again, or ask an administrator for a new password",
            code="wrong_password",
        )

    async def _note_failure(self, reason: str, known: str) -> None:
        """Record it; what was typed isn't, as it may be a password in the wrong field."""
        deed = Deed(SIGN_IN, Kind.ACCOUNT, known, outcome=Outcome.DENIED, reason=reason)
        await self.refusals.note(None, deed)


def _deed(name: str) -> Deed:
    return Deed(SIGN_IN, Kind.ACCOUNT, name)
