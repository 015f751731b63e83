"""User tokens and sign-ins follow what the issuer last said of their person."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.claims import RoleGroups, refused
from lisa.domain.errors import ConditionFailed, LisaError, Unauthenticated
from lisa.domain.identity import Principal
from lisa.domain.people import NEVER, Person
from lisa.ports.clock import Clock
from lisa.stores.people import PeopleStore
from lisa.usecases.recent import Recent

ASSERTED_EVERY: Final = timedelta(minutes=10)
MOST_REMEMBERED: Final = 10_000
MOST_TRIES: Final = 3
PAUSE: Final = timedelta(seconds=30)
log = logging.getLogger("lisa.identity")


@dataclass
class KnownPeople:
    """Tells what is known of a person; what has changed counts within a second.

    Of a person who hasn't signed in for longer than `forget_after` nobody can say whether they are
    still one of us: their tokens are refused until they do. Nothing means never.
    """

    store: PeopleStore
    roles: RoleGroups
    clock: Clock
    forget_after: timedelta | None = None
    _recent: Recent[Person | None] = field(init=False)

    def __post_init__(self) -> None:
        """Remember strangers too: most service accounts never sign in."""
        self._recent = Recent(self.store.by_subject, lambda _: True, self.clock)

    async def follow(self, principal: Principal, made: datetime | None = None) -> Principal:
        """Return the principal with the person's groups of today and no role they have lost.

        `made` is when the token was that speaks for them. Of whom no issuer has spoken yet, what
        the token was made with goes on to count.
        """
        person = await self._recent.find(principal.subject)
        if person is None:
            return principal
        if person.disabled or (made and not person.had_the_name(made)):
            raise refused()
        if self.forget_after and self.clock.now() - person.seen > self.forget_after:
            raise _not_seen()
        today = self.roles.principal(person.subject, person.groups)
        values = {
            "groups": today.groups,
            "admin": principal.admin and today.admin,
            "rag_admin": principal.rag_admin and (today.rag_admin or today.admin),
            "may_make_tokens": principal.may_make_tokens and today.may_make_tokens,
        }
        return principal.model_copy(update=values)

    async def newest(self, said: Person) -> Person:
        """Return what counts of somebody who shows an access token that says this."""
        known = await self._recent.find(said.subject)
        if known is None:
            return said
        if known.has_ended(said.seen):
            raise refused()
        return known if known.seen > said.seen else said


@dataclass
class LastSeen:
    """Writes down what issuers say of people.

    A person is written when they are first seen, when their groups have changed and every ten
    minutes; a token that says what is known costs no call. A store that fails is left alone for a
    while: no request fails or waits long for this. Who issues tokens without a time (`iat`) can't
    be believed to say the newest, and is not written down.
    """

    store: PeopleStore
    clock: Clock
    _known: dict[str, Person] = field(default_factory=dict)
    _rests_until: datetime = NEVER

    async def note(self, said: Person) -> None:
        """Write it down unless it is known, or was said earlier than what is known."""
        known = self._known.get(said.subject)
        if not _is_news(said, known) or self.clock.now() < self._rests_until:
            return
        self._remember(said)
        try:
            await self._write(said)
        except LisaError as error:
            self._known.pop(said.subject, None)
            self._rests_until = self.clock.now() + PAUSE
            log.warning("what an issuer said of a person was not written: %s", error.message)

    async def _write(self, said: Person) -> None:
        for _ in range(MOST_TRIES):
            known = await self.store.by_subject(said.subject)
            if not _is_news(said, known):
                return
            news = (known or said).model_copy(update={"groups": said.groups, "seen": said.seen})
            with suppress(ConditionFailed):
                await self.store.write(news)
                return

    def _remember(self, said: Person) -> None:
        """Before it is written: those who come meanwhile need not write it too."""
        if said.subject not in self._known and len(self._known) >= MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[said.subject] = said


def _is_news(said: Person, known: Person | None) -> bool:
    if said.seen == NEVER:
        return False
    if known is None:
        return True
    has_changed = said.groups != known.groups
    return said.seen > known.seen + (timedelta() if has_changed else ASSERTED_EVERY)


def _not_seen() -> Unauthenticated:
    return Unauthenticated(
        "the owner of this token has not signed in for too long",
        next_step="sign in to LISA once; the token works again then",
        code="owner_not_seen",
    )
