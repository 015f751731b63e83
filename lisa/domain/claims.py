"""From the claims of a verified token to a principal: subject, groups, roles and admission.

The rule for subjects is the same on every plane: the issuer's prefix, then its `username_claim`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from lisa.domain.errors import NotAdmitted, Unauthenticated
from lisa.domain.identity import MACHINE_OWNER, Principal
from lisa.domain.issuers import Issuer
from lisa.domain.people import NEVER, Person

ABSENT: Final = object()


@dataclass(frozen=True)
class Claims:
    """What an issuer says about the caller, verified."""

    issuer: Issuer
    values: Mapping[str, object]


class RoleGroups(BaseModel):
    """Which groups of a token give which role.

    Empty: nobody is `admin` or `rag_admin` by group, everybody is `user` and may use the `api`.
    """

    model_config = ConfigDict(frozen=True)

    admin: str = ""
    rag_admin: str = ""
    user: str = ""
    api: str = ""

    def principal(self, subject: str, groups: frozenset[str]) -> Principal:
        """Return who this is; a valid login outside the app-wide group is `not_in_group`."""
        admin = self.admin in groups
        rag_admin = self.rag_admin in groups
        let_in = not self.user or self.user in groups
        if not (let_in or admin or rag_admin):
            raise NotAdmitted(subject)
        return Principal(
            subject=subject,
            groups=groups,
            admin=admin,
            rag_admin=rag_admin,
            may_make_tokens=not self.api or self.api in groups,
        )


@dataclass(frozen=True)
class Admission:
    """Turns claims into the person they speak of, and that into a principal, or refuses."""

    roles: RoleGroups
    prefixes: frozenset[str]

    def person(self, claims: Claims) -> Person:
        """Return of whom the issuer speaks, and when it did."""
        said = claims.values.get("iat")
        seen = datetime.fromtimestamp(said, UTC) if isinstance(said, int | float) else NEVER
        try:
            return Person(
                subject=self._subject(claims),
                groups=groups_of(claims),
                seen=seen,
            )
        except ValidationError as error:
            raise _nameless() from error

    def principal(self, person: Person) -> Principal:
        """Return who calls."""
        return self.roles.principal(person.subject, person.groups)

    def _subject(self, claims: Claims) -> str:
        """Without a prefix, nobody may look like another issuer's caller or the machine's owner."""
        name = _at(claims.values, claims.issuer.username_claim)
        if not isinstance(name, str) or not name:
            raise _nameless()
        others = self.prefixes - {claims.issuer.prefix, ""}
        subject = claims.issuer.prefix + name
        if subject == MACHINE_OWNER or (
            not claims.issuer.prefix and name.startswith(tuple(others))
        ):
            raise _nameless()
        return subject


def refused() -> Unauthenticated:
    """Return the one answer to every credential we don't believe: it never says why."""
    return Unauthenticated(
        "the token is unknown, expired or revoked",
        next_step="sign in again, or get another token with `lisa token create`",
        code="token_refused",
    )


def groups_of(claims: Claims) -> frozenset[str]:
    """Return the caller's groups: a list of texts or one text; anything else means none."""
    found = _at(claims.values, claims.issuer.groups_claim)
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        return frozenset()
    return frozenset(listed) - {""}


def _at(values: object, path: str) -> object:
    """Follow a dotted path; a key that itself has dots wins over the steps it looks like."""
    if not isinstance(values, Mapping):
        return ABSENT
    if path in values:
        return values[path]
    for position in (place for place, letter in enumerate(path) if letter == "."):
        found = _at(values.get(path[:position]), path[position + 1 :])
        if found is not ABSENT:
            return found
    return ABSENT


def _nameless() -> Unauthenticated:
    return Unauthenticated(
        "the token names nobody we can know",
        next_step="let an administrator check `username_claim` of the issuer",
        code="token_refused",
    )
