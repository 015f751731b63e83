"""Links to blobs that our own server honours: what they allow is signed into them."""

import hmac
import json
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

from lisa.domain.errors import Forbidden
from lisa.ports.blobs import Form
from lisa.ports.clock import Clock
from lisa.ports.rows import whole_seconds

READ: Final = "GET"
WRITE: Final = "PUT"
FORM: Final = "POST"


class Upload(NamedTuple):
    """What a link lets its holder write."""

    content_type: str
    size: int


class Links:
    """Makes and checks links `{base_url}/files/{key}?...`."""

    def __init__(self, secret: bytes, clock: Clock, base_url: str) -> None:
        """Whoever knows the secret can make links."""
        self._secret = secret
        self._clock = clock
        self._base_url = base_url.rstrip("/")

    def to_read(self, key: str, seconds: int) -> str:
        """Return a link to the content."""
        return self._link(READ, key, {"expires": self._in(seconds)})

    def to_write(self, key: str, upload: Upload, seconds: int) -> str:
        """Return a link that takes this content by PUT."""
        allowed = {
            "expires": self._in(seconds),
            "content_type": upload.content_type,
            "size": str(upload.size),
        }
        return self._link(WRITE, key, allowed)

    def to_form(self, key: str, most: int, seconds: int) -> Form:
        """Return a form that takes content of at most this size."""
        allowed = {"expires": self._in(seconds), "most": str(most)}
        signature = self._signature(FORM, key, allowed)
        fields = {"key": key, **allowed, "signature": signature}
        return Form(f"{self._base_url}/files/{quote(key)}", fields)

    def verify_form(self, key: str, fields: Mapping[str, str]) -> int:
        """Return how many bytes a form with these fields may bring."""
        self._verify(FORM, key, fields, ["expires", "most"])
        return int(fields["most"])

    def verify_read(self, key: str, query: Mapping[str, str]) -> None:
        """Return if a link with this query may read the content."""
        self._verify(READ, key, query, ["expires"])

    def verify_write(self, key: str, query: Mapping[str, str]) -> Upload:
        """Return what a link with this query may write."""
        self._verify(WRITE, key, query, ["expires", "content_type", "size"])
        return Upload(query["content_type"], int(query["size"]))

    def _in(self, seconds: int) -> str:
        return str(whole_seconds(self._clock.now()) + seconds)

    def _link(self, method: str, key: str, allowed: Mapping[str, str]) -> str:
        query = urlencode({**allowed, "signature": self._signature(method, key, allowed)})
        return f"{self._base_url}/files/{quote(key)}?{query}"

    def _verify(self, method: str, key: str, query: Mapping[str, str], signed: list[str]) -> None:
        allowed = {name: query.get(name, "") for name in signed}
        expected = self._signature(method, key, allowed)
        if not hmac.compare_digest(query.get("signature", "").encode(), expected.encode()):
            raise Forbidden("this link is not valid", next_step="ask for a new one")
        if int(allowed["expires"]) <= whole_seconds(self._clock.now()):
            raise Forbidden("this link has expired", next_step="ask for a new one")

    def _signature(self, method: str, key: str, allowed: Mapping[str, str]) -> str:
        message = json.dumps([method, key, sorted(allowed.items())])
        return hmac.new(self._secret, message.encode(), "sha256").hexdigest()
