"""Who is calling, and how a secret that proves it is written and kept."""

import hashlib
import zlib
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

TOKEN_PREFIX: Final = "lisa_"  # noqa: S105 - public by design
SECRET_LENGTH: Final = 64
SUBJECT_PATTERN: Final = r"^[^\x00-\x1f\x7f]{1,128}$"
MOST: Final = 10**12
MACHINE_OWNER: Final = "local"  # whoever may read the home of the local profile


class Principal(BaseModel):
    """Whoever is calling, wherever we learned it from.

    `token_id` is set where a token was shown; `scopes` then narrow what it may be used for, and
    none means no narrowing.
    """

    model_config = ConfigDict(frozen=True)

    subject: str = Field(pattern=SUBJECT_PATTERN)
    groups: frozenset[str] = frozenset()
    admin: bool = False
    rag_admin: bool = False
    may_make_tokens: bool = True
    token_id: str | None = None
    scopes: frozenset[str] = frozenset()
    limits: "Limits | None" = None  # those of the token that was shown
    lent: str = ""  # a model that may be used whatever its groups, as a service pass says


class TokenKind(StrEnum):
    """Whom a token stands for: a person, whose groups it follows, or a program with its own."""

    USER = "user"
    SERVICE = "service"


class Limits(BaseModel):
    """How much may be done with one token; nothing means no limit of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests_per_minute: Annotated[int, Field(ge=1, le=MOST)] | None = None
    tokens_per_minute: Annotated[int, Field(ge=1, le=MOST)] | None = None
    concurrent_requests: Annotated[int, Field(ge=1, le=MOST)] | None = None
    tokens_per_day: Annotated[int, Field(ge=1, le=MOST)] | None = None
    tokens_per_month: Annotated[int, Field(ge=1, le=MOST)] | None = None
    budget_usd_per_day: Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)] | None = None
    budget_usd_per_month: Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)] | None = None

    def filled_from(self, other: "Limits") -> "Limits":
        """Take over what the other limits and this does not."""
        return Limits.model_validate(other.model_dump() | self.model_dump(exclude_none=True))

    def lie_within(self, other: "Limits") -> bool:
        """Tell whether these allow nothing that the other ones don't."""
        mine = self.model_dump()
        bounds = other.model_dump(exclude_none=True)
        return all(mine[name] is not None and mine[name] <= bounds[name] for name in bounds)


class Token(BaseModel):
    """An API token as we keep it: never the secret, only its hash.

    After a rotation the former secret works on until `former_until`. `version` counts changes.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    digest: str
    name: str
    owner: str
    kind: TokenKind = TokenKind.SERVICE
    groups: frozenset[str] = frozenset()
    admin: bool = False
    rag_admin: bool = False
    scopes: frozenset[str] = frozenset()
    limits: Limits = Limits()
    created: datetime
    created_by: str = ""
    expires: datetime | None = None
    former_digest: str | None = None
    former_until: datetime | None = None
    disabled_by: str | None = None
    last_used: datetime | None = None
    version: int = 1

    @property
    def disabled(self) -> bool:
        """Tell whether somebody switched it off."""
        return self.disabled_by is not None

    def is_expired(self, now: datetime) -> bool:
        """Tell whether its time is over."""
        return self.expires is not None and self.expires <= now

    def principal(self) -> Principal:
        """Return who a caller with this token is."""
        return Principal(
            subject=self.owner,
            groups=self.groups,
            admin=self.admin,
            rag_admin=self.rag_admin,
            may_make_tokens=self.kind is TokenKind.USER,
            token_id=self.id,
            scopes=self.scopes,
            limits=self.limits,
        )


def write_token(secret: str) -> str:
    """Write 256 random bits as a token, with a checksum that catches a torn copy."""
    return f"{TOKEN_PREFIX}{secret}{_checksum(secret)}"


def is_well_formed(token: str) -> bool:
    """Tell whether this can be a token at all, without asking any store."""
    secret, checksum = token[len(TOKEN_PREFIX) : -8], token[-8:]
    return (
        token.startswith(TOKEN_PREFIX)
        and _checksum(secret) == checksum
        and (len(secret) == SECRET_LENGTH)
    )


def digest(secret: str) -> str:
    """Return what we keep in place of a secret that has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(secret: str) -> str:
    return f"{zlib.crc32(secret.encode('utf-8', 'replace')):08x}"
