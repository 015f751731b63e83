"""Serves replies on loopback. What nobody told it to answer it refuses, and remembers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final, TypeAlias

from tests.standins.aws_replies.wire import (
    Answer,
    Call,
    Refusal,
    read_call,
    write_refusal,
    write_result,
)

Said: TypeAlias = Mapping[str, Any] | Refusal
Reply: TypeAlias = Said | Callable[[Call], Said]
Replies: TypeAlias = dict[str, Reply]  # by `service:Operation`
UNKNOWN: Final = Refusal("NotRecorded", "nobody recorded an answer to this", 400)


@dataclass
class AwsReplies:
    """The replies, which a test may change, and the calls that came."""

    replies: Replies
    calls: list[Call] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one call."""
        call = read_call(method, path, headers, body)
        self.calls.append(call)
        name = f"{call.service}:{call.operation}"
        if name not in self.replies:
            self.unanswered.append(name)
            return write_refusal(call, UNKNOWN)
        reply = self.replies[name]
        said = reply(call) if callable(reply) else reply
        if isinstance(said, Refusal):
            return write_refusal(call, said)
        return write_result(call, said)

    def names(self) -> set[str]:
        """Return which operations were called."""
        return {f"{each.service}:{each.operation}" for each in self.calls}


@contextmanager
def serving(replies: Replies) -> Iterator[AwsReplies]:
    """Serve until the end of the block."""
    account = AwsReplies(replies)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            said = account.answer(self.command, self.path, dict(self.headers.items()), body)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)

        do_GET = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_POST  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        account.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield account
        finally:
            server.shutdown()
            thread.join()
