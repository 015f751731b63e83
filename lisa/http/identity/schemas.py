"""Tokens as they are sent and shown."""

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from lisa.domain.identity import SUBJECT_PATTERN, Limits, Token, TokenKind
from lisa.domain.scopes import Scopes
from lisa.usecases.tokens import LONGEST_OVERLAP, NO_LIMITS, Issued, Wanted

Text: TypeAlias = Annotated[str, Field(pattern=SUBJECT_PATTERN)]
Groups: TypeAlias = Annotated[frozenset[Text], Field(max_length=100)]
FewScopes: TypeAlias = Annotated[Scopes, Field(max_length=100)]


def _with_zone(time: datetime) -> datetime:
    return time.replace(tzinfo=time.tzinfo or UTC)


Time: TypeAlias = Annotated[datetime, AfterValidator(_with_zone)]


class TokenCreate(BaseModel):
    """A token to make.

    Of kind `user` it stands for a person and has their groups; of kind `service` for a program and
    has the groups named here. `owner` is whom it acts for: only administrators name another.
    """

    model_config = ConfigDict(extra="forbid")

    name: Text
    owner: Text | None = None
    kind: TokenKind | None = None
    admin: bool = False
    rag_admin: bool = False
    groups: Groups | None = None
    scopes: FewScopes | None = None
    limits: Limits = NO_LIMITS
    expires: Time | None = None

    def wanted(self) -> Wanted:
        """Return what the use case is asked for."""
        return Wanted(**{name: getattr(self, name) for name in type(self).model_fields})


class TokenChange(BaseModel):
    """What to change of a token."""

    model_config = ConfigDict(extra="forbid")

    name: Text | None = None
    disabled: bool | None = None


class TokenRotate(BaseModel):
    """How long the former secret goes on working, and when the token shall expire instead."""

    model_config = ConfigDict(extra="forbid")

    overlap_seconds: Annotated[int, Field(ge=0, le=int(LONGEST_OVERLAP.total_seconds()))] = 0
    expires: Time | None = None


class TokenOut(BaseModel):
    """A token, without its secret. `last_used` is exact to a minute."""

    id: str
    name: str
    owner: str
    kind: TokenKind
    groups: list[str]
    admin: bool
    rag_admin: bool
    scopes: list[str]
    limits: Limits
    created: datetime
    created_by: str
    expires: datetime | None
    former_until: datetime | None
    disabled: bool
    last_used: datetime | None

    @classmethod
    def of(cls, token: Token) -> "TokenOut":
        """Show a token."""
        return cls.model_validate(_shown(token))


class TokenIssued(TokenOut):
    """A new secret; it is shown this once."""

    token: str

    @classmethod
    def of_issued(cls, issued: Issued) -> "TokenIssued":
        """Show a token with its secret."""
        return cls.model_validate(_shown(issued.token) | {"token": issued.secret})


class TokenPage(BaseModel):
    """Tokens, newest first."""

    items: list[TokenOut]
    next_cursor: str


def _shown(token: Token) -> dict[str, object]:
    lists = {"groups": sorted(token.groups), "scopes": sorted(token.scopes)}
    return token.model_dump() | lists | {"disabled": token.disabled}
