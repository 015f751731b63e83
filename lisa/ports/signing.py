"""The signing port: puts our name under claims, and knows its own signature again."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import JsonValue


class Signing(Protocol):
    """One key of our own; `kind` stands in the header, so that one token can't be another."""

    def signed(self, kind: str, claims: Mapping[str, JsonValue]) -> str:
        """Return a JWT that says this."""

    def read(self, kind: str, token: str) -> dict[str, JsonValue] | None:
        """Return what a JWT of ours says, expired or not; nothing if it isn't ours."""

    def public_keys(self) -> dict[str, object]:
        """Return the JWKS document."""
