"""From the claims of a verified token to a principal: subject, groups, roles and admission.

The rule for subjects is the same on every plane: the issuer's prefix, then its `username_claim`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from lisa.domain.errors import Forbidden, Unauthenticated
from lisa.domain.identity import Principal
from lisa.domain.issuers import Issuer

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


@dataclass(frozen=True)
class Admission:
    """Turns claims into the principal they speak of, or refuses."""

    roles: RoleGroups
    prefixes: frozenset[str]

    def principal(self, claims: Claims) -> Principal:
        """Return who calls; a valid login outside the app-wide group is `not_in_group`."""
        groups = groups_of(claims)
        admin = self.roles.admin in groups
        rag_admin = self.roles.rag_admin in groups
        let_in = not self.roles.user or self.roles.user in groups
        subject = self._subject(claims)
        if not (let_in or admin or rag_admin):
            raise Forbidden(
                "your login is valid, but it is not in the group that may use LISA",
                next_step="ask an administrator to add you to the group",
                code="not_in_group",
            )
        api = not self.roles.api or self.roles.api in groups
        try:
            return Principal(
                subject=subject,
                groups=groups,
                admin=admin,
                rag_admin=rag_admin,
                may_make_tokens=api,
            )
        except ValidationError as error:
            raise _nameless() from error

    def _subject(self, claims: Claims) -> str:
        """Without a prefix, nobody may look like a caller of an issuer that has one."""
        name = _at(claims.values, claims.issuer.username_claim)
        if not isinstance(name, str) or not name:
            raise _nameless()
        others = self.prefixes - {claims.issuer.prefix, ""}
        if not claims.issuer.prefix and name.startswith(tuple(others)):
            raise _nameless()
        return claims.issuer.prefix + name


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
