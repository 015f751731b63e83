"""Who is calling, and how a secret that proves it is written and kept."""

import hashlib
import zlib
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

TOKEN_PREFIX: Final = "lisa_"  # noqa: S105 - public by design
SECRET_LENGTH: Final = 64
SUBJECT_PATTERN: Final = r"^[^\x00-\x1f\x7f]{1,128}$"


class Principal(BaseModel):
    """Whoever is calling, wherever we learned it from."""

    model_config = ConfigDict(frozen=True)

    subject: str = Field(pattern=SUBJECT_PATTERN)
    groups: frozenset[str] = frozenset()
    admin: bool = False


class Token(BaseModel):
    """An API token as we keep it: never the secret, only its hash."""

    model_config = ConfigDict(frozen=True)

    id: str
    digest: str
    name: str
    owner: str
    groups: frozenset[str] = frozenset()
    admin: bool = False
    created: datetime
    expires: datetime | None = None

    def principal(self) -> Principal:
        """Return who a caller with this token is."""
        return Principal(subject=self.owner, groups=self.groups, admin=self.admin)


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
