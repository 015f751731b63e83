"""What takes the gateway's answers: something that streams, or a whole for API Gateway."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from mangum.handlers.utils import handle_multi_value_headers
from mangum.types import Response

from lisa.gateway.asgi import RawHeaders


class NotTaken(Exception):
    """Nobody takes the answer, or no more of it."""


@dataclass(frozen=True)
class Head:
    """How an answer begins."""

    status: int
    headers: RawHeaders

    def told(self) -> dict[str, Any]:
        """Return it in API Gateway's words."""
        single, repeated = handle_multi_value_headers([[*each] for each in self.headers])
        return {"statusCode": self.status, "headers": single, "multiValueHeaders": repeated}


class Answer(Protocol):
    """Takes an answer; each step raises `NotTaken` where nobody wants it any more."""

    async def begin(self, head: Head) -> None:
        """Take status and headers."""

    async def send(self, piece: bytes) -> None:
        """Take a piece."""

    async def end(self) -> None:
        """Hear that this was all."""

    async def break_off(self, kind: str, message: str) -> None:
        """Hear that it ends too early, and why."""

    def hang_up(self) -> None:
        """Forget about it."""


@dataclass
class WholeAnswer:
    """An answer that is passed on when it has ended: for where nothing streams."""

    head: Head | None = None
    body: bytearray = field(default_factory=bytearray)

    async def begin(self, head: Head) -> None:
        """Take status and headers."""
        self.head = head

    async def send(self, piece: bytes) -> None:
        """Take a piece."""
        self.body += piece

    async def end(self) -> None:
        """Nothing is left to be done."""

    async def break_off(self, kind: str, message: str) -> None:
        """Drop what there is: half of it would look like all."""
        del kind, message
        self.head = None
        self.body.clear()

    def hang_up(self) -> None:
        """Nothing is left to be done."""

    def response(self) -> Response:
        """Return it as Mangum passes it on."""
        head = self.head or Head(500, [])
        headers = [[*each] for each in head.headers]
        return {"status": head.status, "headers": headers, "body": bytes(self.body)}
