"""Who may do what: one table, deny by default, and an explanation for every decision.

A rule lets some callers do a verb to a kind of object. What no rule allows is denied. Every use
case asks `require`; nothing else in the product decides about rights.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lisa.domain.errors import Forbidden
from lisa.domain.identity import Principal
from lisa.domain.scopes import Plane, covers


class Verb(StrEnum):
    """What one can do to an object."""

    CREATE = "create"
    READ = "read"
    LIST = "list"
    CHANGE = "change"
    DELETE = "delete"
    LIST_ALL = "list-all"  # also other people's
    USE = "use"
    SHARE = "share"  # let others see or use it


class Kind(StrEnum):
    """What there is to do something to."""

    SESSION = "session"
    MODEL = "model"
    REPOSITORY = "repository"
    COLLECTION = "collection"
    OWN_COLLECTION = "own-collection"  # one that is its owner's alone
    DOCUMENT = "document"
    EVALUATION = "evaluation"
    TOKEN = "token"  # noqa: S105 - a kind of object
    SIGN_IN_LINK = "sign-in-link"
    CONFIGURATION = "configuration"
    PREFERENCES = "preferences"
    AUDIT = "audit"
    POLICY = "policy"
    ACCOUNT = "account"
    USAGE = "usage"
    PROMPT = "prompt"
    PROJECT = "project"
    TOOL_SERVER = "tool-server"


class Who(StrEnum):
    """Which callers a rule speaks of."""

    EVERYBODY = "everybody who is let in"
    OWNER = "the object's owner"
    GROUP = "members of one of the object's groups"  # an object without groups is for all
    SHARED_WITH = "those it is shared with"  # an object without groups is shared with nobody
    OWNER_IN_GROUPS = "the owner, with groups of the own or everybody"
    OWNER_IN_API_GROUP = "the owner, if in the group that may make tokens"
    LENT = "bearers of a service pass for it"
    RAG_ADMIN = "RAG administrators in one of the object's groups"
    ADMIN = "administrators"


@dataclass(frozen=True)
class Thing:
    """An object as the policy sees it."""

    kind: Kind
    id: str = ""
    owner: str = ""
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed, and why."""

    allowed: bool
    because: str


PUBLIC: Final = "lisa:public"  # the group that everybody is in, for what is shared
OUT_OF_SCOPE: Final = "the token's scopes don't include this use of the plane `{plane}`"
OWN: Final = (Who.OWNER,)
ADMIN: Final = (Who.ADMIN,)
SHARED: Final = (Who.OWNER, Who.SHARED_WITH, Who.ADMIN)
MEMBERS: Final = (Who.GROUP, Who.ADMIN)
KEEPERS: Final = (Who.RAG_ADMIN, Who.ADMIN)
TABLE: Final[dict[tuple[Kind, Verb], tuple[Who, ...]]] = {
    (Kind.SESSION, Verb.CREATE): OWN,
    (Kind.SESSION, Verb.LIST): OWN,
    (Kind.SESSION, Verb.READ): OWN,
    (Kind.SESSION, Verb.CHANGE): OWN,
    (Kind.SESSION, Verb.DELETE): OWN,
    (Kind.MODEL, Verb.USE): (*MEMBERS, Who.LENT),
    (Kind.MODEL, Verb.READ): MEMBERS,
    (Kind.MODEL, Verb.LIST_ALL): ADMIN,
    (Kind.MODEL, Verb.CREATE): ADMIN,
    (Kind.MODEL, Verb.CHANGE): ADMIN,
    (Kind.MODEL, Verb.DELETE): ADMIN,
    (Kind.REPOSITORY, Verb.USE): MEMBERS,
    (Kind.REPOSITORY, Verb.READ): MEMBERS,
    (Kind.REPOSITORY, Verb.LIST_ALL): ADMIN,
    (Kind.REPOSITORY, Verb.CREATE): ADMIN,
    (Kind.REPOSITORY, Verb.CHANGE): KEEPERS,
    (Kind.REPOSITORY, Verb.DELETE): ADMIN,
    (Kind.COLLECTION, Verb.USE): MEMBERS,
    (Kind.COLLECTION, Verb.READ): MEMBERS,
    (Kind.COLLECTION, Verb.CREATE): KEEPERS,
    (Kind.COLLECTION, Verb.CHANGE): KEEPERS,
    (Kind.COLLECTION, Verb.DELETE): KEEPERS,
    (Kind.OWN_COLLECTION, Verb.USE): OWN,
    (Kind.OWN_COLLECTION, Verb.READ): OWN,
    (Kind.OWN_COLLECTION, Verb.CREATE): OWN,
    (Kind.OWN_COLLECTION, Verb.CHANGE): OWN,
    (Kind.OWN_COLLECTION, Verb.DELETE): (Who.OWNER, Who.ADMIN),
    (Kind.DOCUMENT, Verb.CREATE): MEMBERS,
    (Kind.DOCUMENT, Verb.READ): MEMBERS,
    (Kind.DOCUMENT, Verb.LIST): MEMBERS,
    (Kind.DOCUMENT, Verb.CHANGE): (Who.OWNER, *KEEPERS),
    (Kind.DOCUMENT, Verb.DELETE): (Who.OWNER, *KEEPERS),
    (Kind.EVALUATION, Verb.CREATE): MEMBERS,
    (Kind.EVALUATION, Verb.READ): (Who.OWNER, *KEEPERS),
    (Kind.EVALUATION, Verb.LIST): MEMBERS,
    (Kind.EVALUATION, Verb.DELETE): (Who.OWNER, *KEEPERS),
    (Kind.TOKEN, Verb.CREATE): (Who.OWNER_IN_API_GROUP, Who.ADMIN),
    (Kind.TOKEN, Verb.LIST): OWN,
    (Kind.TOKEN, Verb.LIST_ALL): ADMIN,
    (Kind.TOKEN, Verb.READ): (Who.OWNER, Who.ADMIN),
    (Kind.TOKEN, Verb.CHANGE): (Who.OWNER, Who.ADMIN),
    (Kind.TOKEN, Verb.DELETE): (Who.OWNER, Who.ADMIN),
    (Kind.SIGN_IN_LINK, Verb.CREATE): ADMIN,
    (Kind.CONFIGURATION, Verb.READ): (Who.EVERYBODY,),
    (Kind.CONFIGURATION, Verb.LIST_ALL): ADMIN,  # its history
    (Kind.CONFIGURATION, Verb.CHANGE): ADMIN,
    (Kind.PREFERENCES, Verb.READ): OWN,
    (Kind.PREFERENCES, Verb.CHANGE): OWN,
    (Kind.AUDIT, Verb.LIST_ALL): ADMIN,
    (Kind.POLICY, Verb.READ): ADMIN,
    (Kind.ACCOUNT, Verb.CREATE): ADMIN,
    (Kind.ACCOUNT, Verb.LIST_ALL): ADMIN,
    (Kind.ACCOUNT, Verb.READ): ADMIN,
    (Kind.ACCOUNT, Verb.CHANGE): ADMIN,
    (Kind.ACCOUNT, Verb.DELETE): ADMIN,
    (Kind.ACCOUNT, Verb.USE): OWN,  # change one's own password
    (Kind.USAGE, Verb.READ): (Who.OWNER, Who.ADMIN),
    (Kind.USAGE, Verb.LIST_ALL): ADMIN,
    (Kind.PROMPT, Verb.CREATE): OWN,
    (Kind.PROMPT, Verb.LIST): OWN,
    (Kind.PROMPT, Verb.LIST_ALL): ADMIN,
    (Kind.PROMPT, Verb.READ): SHARED,
    (Kind.PROMPT, Verb.CHANGE): (Who.OWNER, Who.ADMIN),
    (Kind.PROMPT, Verb.DELETE): (Who.OWNER, Who.ADMIN),
    (Kind.PROMPT, Verb.SHARE): (Who.OWNER_IN_GROUPS, Who.ADMIN),
    (Kind.PROJECT, Verb.CREATE): OWN,
    (Kind.PROJECT, Verb.LIST): OWN,
    (Kind.PROJECT, Verb.READ): OWN,
    (Kind.PROJECT, Verb.CHANGE): OWN,
    (Kind.PROJECT, Verb.DELETE): OWN,
    (Kind.TOOL_SERVER, Verb.CREATE): OWN,
    (Kind.TOOL_SERVER, Verb.LIST): OWN,
    (Kind.TOOL_SERVER, Verb.LIST_ALL): ADMIN,
    (Kind.TOOL_SERVER, Verb.READ): SHARED,
    (Kind.TOOL_SERVER, Verb.USE): SHARED,
    (Kind.TOOL_SERVER, Verb.CHANGE): (Who.OWNER, Who.ADMIN),
    (Kind.TOOL_SERVER, Verb.DELETE): (Who.OWNER, Who.ADMIN),
    (Kind.TOOL_SERVER, Verb.SHARE): ADMIN,
}


def decide(principal: Principal, verb: Verb, thing: Thing) -> Decision:
    """Decide, and say by which rule."""
    plane = plane_of(verb, thing.kind)
    model = thing.id if thing.kind is Kind.MODEL and verb is Verb.USE else ""
    if not covers(principal.scopes, plane, model):
        return Decision(allowed=False, because=OUT_OF_SCOPE.format(plane=plane))
    rules = TABLE.get((thing.kind, verb), ())
    for who in rules:
        if _is(principal, who, thing):
            return Decision(allowed=True, because=f"{who} may {verb} it")
    if not rules:
        return Decision(
            allowed=False, because=f"nobody may {verb} this kind of thing: {thing.kind}"
        )
    return Decision(allowed=False, because=f"only {' or '.join(rules)} may {verb} it")


def plane_of(verb: Verb, kind: Kind) -> Plane:
    """Return the plane on which such a thing is done."""
    in_calls = verb is Verb.USE and kind in {Kind.MODEL, Kind.TOOL_SERVER}
    return Plane.INFERENCE if in_calls else Plane.CONTROL


def require(principal: Principal, verb: Verb, thing: Thing) -> None:
    """Return if it is allowed, else raise `Forbidden` with the reason."""
    require_plane(principal, plane_of(verb, thing.kind))
    decision = decide(principal, verb, thing)
    if not decision.allowed:
        raise Forbidden(
            f"you may not {verb} this {thing.kind}: {decision.because}",
            next_step="ask an administrator",
            code="not_allowed",
        )


def require_plane(principal: Principal, plane: Plane) -> None:
    """Return if the caller's token is let into this plane, else raise `Forbidden`."""
    if not covers(principal.scopes, plane):
        raise Forbidden(
            OUT_OF_SCOPE.format(plane=plane),
            next_step=f"use a token that has the scope `{plane}`",
            code="out_of_scope",
        )


def _is(principal: Principal, who: Who, thing: Thing) -> bool:
    owns = bool(thing.owner) and thing.owner == principal.subject
    in_a_group = not thing.groups or not thing.groups.isdisjoint(principal.groups)
    if who is Who.GROUP:
        return in_a_group
    reach = principal.groups | {PUBLIC}
    return {
        Who.EVERYBODY: True,
        Who.OWNER: owns,
        Who.SHARED_WITH: not thing.groups.isdisjoint(reach),
        Who.OWNER_IN_GROUPS: owns and thing.groups <= reach,
        Who.OWNER_IN_API_GROUP: owns and principal.may_make_tokens,
        Who.LENT: bool(principal.lent) and principal.lent == thing.id,
        Who.RAG_ADMIN: principal.rag_admin and in_a_group,
        Who.ADMIN: principal.admin,
    }[who]
