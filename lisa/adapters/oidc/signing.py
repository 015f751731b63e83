"""Signs with an ES256 key of our own, kept in a file that only its owner reads."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from pydantic import JsonValue

from lisa.domain.errors import Unavailable

ALGORITHM: Final = "ES256"
LONGEST_TOKEN: Final = 16 * 1024


class KeptKey:
    """The key of one home; made once, whoever comes first."""

    def __init__(self, path: Path) -> None:
        """Read the key, or make it."""
        if not path.exists():
            _make(path)
        self._key = _read(path)
        self._kid = self._key.thumbprint()

    def signed(self, kind: str, claims: Mapping[str, JsonValue]) -> str:
        """Return a JWT that says this."""
        header = {"alg": ALGORITHM, "typ": kind, "kid": self._kid}
        return jwt.encode(header, dict(claims), self._key, algorithms=[ALGORITHM])

    def read(self, kind: str, token: str) -> dict[str, JsonValue] | None:
        """Return what a JWT of ours says, expired or not; nothing if it isn't ours."""
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        try:
            found = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        except (JoseError, ValueError, RecursionError):
            return None
        return dict(found.claims) if found.header.get("typ") == kind else None

    def public_keys(self) -> dict[str, object]:
        """Return the JWKS document."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": ALGORITHM}]}


def _make(path: Path) -> None:
    """Write a new key whole or not at all, unless somebody else did so meanwhile."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(ECKey.generate_key("P-256").as_dict(private=True)) + "\n")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _read(path: Path) -> ECKey:
    try:
        return ECKey.import_key(json.loads(path.read_text()))
    except (JoseError, ValueError, TypeError, KeyError, OSError) as error:
        raise Unavailable(
            f"the key of the identity provider can't be read ({type(error).__name__})",
            next_step=f"remove {path}: a new one is made, and everybody signs in again",
        ) from error
