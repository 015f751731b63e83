"""moto's S3 behind a real port, where single answers can be held, broken or refused."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.config import Config
from moto import mock_aws
from moto.core.models import botocore_stubber

S3: Final = "https://s3.eu-central-1.amazonaws.com"
BUCKET: Final = "weights"
DENIED: Final = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@dataclass(frozen=True)
class Asked:
    """A request; the range is empty for lists."""

    method: str
    path: str
    range: str


@dataclass(frozen=True)
class Answer:
    """What is about to be sent; `sent` is how much of it."""

    status: int
    headers: dict[str, str]
    body: bytes
    sent: int | None = None


@cache
def session() -> boto3.session.Session:
    """Return one for all tests, as each would read the SDK's whole model of S3."""
    return boto3.session.Session(region_name="eu-central-1")


Change = Callable[[Asked, Answer], Answer]


@dataclass
class BucketServer:
    """Where it listens, what it was asked, and what becomes of its answers."""

    port: int
    bucket: Any
    asked: list[Asked] = field(default_factory=list)
    change: Change = lambda _asked, answer: answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Any:
        """Return a client that asks it once and doesn't wait."""
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)
        return session().client("s3", endpoint_url=self.url, config=config)

    def put(self, **objects: bytes) -> None:
        """Store objects below `model/`; `__` stands for a dot, as in `config__json`."""
        for name, content in objects.items():
            self.bucket.put_object(Key=f"model/{name.replace('__', '.')}", Body=content)

    def ranges(self) -> list[Asked]:
        return [each for each in self.asked if each.range]


def denied(_asked: Asked, _answer: Answer) -> Answer:
    """Refuse everything."""
    return Answer(403, {"content-type": "application/xml"}, DENIED)


@contextmanager
def bucket_server() -> Iterator[BucketServer]:
    """Run one, with an empty bucket."""
    with mock_aws():
        bucket = (
            session()
            .resource("s3")
            .create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
            )
        )
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        told = BucketServer(server.server_address[1], bucket)
        server.told = told  # type: ignore[attr-defined]  # the handler's only way to it
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield told
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        told: BucketServer = self.server.told  # type: ignore[attr-defined]  # set when it was made
        asked = Asked(self.command, self.path, self.headers.get("range", ""))
        told.asked.append(asked)
        self._send(told.change(asked, self._from_moto()))

    def _from_moto(self) -> Answer:
        given = HTTPHeaders.from_dict(dict(self.headers.items()))
        request = AWSPreparedRequest(self.command, S3 + self.path, given, None, stream_output=False)
        found = botocore_stubber("before-send", request)
        assert found is not None
        headers = {name.lower(): value for name, value in found.headers.items()}
        return Answer(found.status_code, headers, found.content)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name not in {"content-length", "connection", "date", "server"}:
                self.send_header(name, value)
        length = answer.headers.get("content-length") if self.command == "HEAD" else None
        self.send_header("content-length", length or str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: answer.sent])
        if answer.sent is not None:
            self.close_connection = True
