"""What the command line writes of models: with a key for each command, the same for each try."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from cli.client import Lisa
from cli.models.writing import write
from lisa.domain.errors import Invalid, Unavailable


@dataclass
class Lossy:
    """Takes each request, and loses its first answers."""

    url: str = ""
    lost: int = 0
    status: int = 200
    keys: list[str] = field(default_factory=list)


@pytest.fixture
def lossy() -> Iterator[Lossy]:
    told = Lossy()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            told.keys.append(self.headers.get("idempotency-key", ""))
            self.rfile.read(int(self.headers["content-length"]))
            if len(told.keys) <= told.lost:
                self.close_connection = True
                return
            body = json.dumps({"error": {"message": "no"}} if told.status != 200 else {}).encode()
            self.send_response(told.status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def change(lossy: Lossy) -> None:
    write(Lisa(lossy.url, "made-up", is_here=True), "PUT", "/models/llama", {"enabled": True})


def test_a_write_whose_answer_is_lost_is_asked_again_with_its_key(
    lossy: Lossy, capsys: pytest.CaptureFixture[str]
) -> None:
    lossy.lost = 2
    change(lossy)
    assert len(lossy.keys) == 3
    assert len(set(lossy.keys)) == 1
    assert "asking again" in capsys.readouterr().err


def test_each_command_has_a_key_of_its_own(lossy: Lossy) -> None:
    change(lossy)
    change(lossy)
    assert len(set(lossy.keys)) == 2
    assert "" not in lossy.keys


def test_patience_ends(lossy: Lossy) -> None:
    lossy.lost = 9
    with pytest.raises(Unavailable, match="did not finish its answer"):
        change(lossy)
    assert len(lossy.keys) == 3


def test_a_refusal_is_an_answer(lossy: Lossy) -> None:
    lossy.status = 400
    with pytest.raises(Invalid):
        change(lossy)
    assert len(lossy.keys) == 1
