"""A stand-in for servers that speak OpenAI, over real HTTP on loopback."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from openai.types import CreateEmbeddingResponse, Embedding, Model
from openai.types.chat import ChatCompletion, ChatCompletionMessage
from openai.types.chat.chat_completion import Choice
from openai.types.create_embedding_response import Usage


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What to send."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


Answering = Callable[[Asked], Answer]


@dataclass
class ModelServer:
    """Where it listens, what it was asked, and how it answers."""

    port: int
    answering: Answering
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the address one gives to LISA."""
        return f"http://127.0.0.1:{self.port}/v1"


def as_a_model(asked: Asked) -> Answer:
    """Answer as a model called `llama` does."""
    if asked.path == "/v1/models":
        listed = Model(id="llama", created=0, object="model", owned_by="us").model_dump()
        return Answer(body=json.dumps({"object": "list", "data": [listed]}).encode())
    if asked.body and asked.body["model"] != "llama":
        return error(404, f"The model `{asked.body['model']}` does not exist")
    answers = {"/v1/chat/completions": _completion, "/v1/embeddings": _embedding}
    if asked.path not in answers:
        return Answer(404, b"not here")
    return Answer(body=answers[asked.path]())


def error(status: int, message: str) -> Answer:
    """Answer with an error in OpenAI's shape."""
    told = {"error": {"message": message, "type": "invalid_request_error", "code": None}}
    return Answer(status, json.dumps(told).encode())


@contextmanager
def model_server(answering: Answering = as_a_model) -> Iterator[ModelServer]:
    """Listen until the test is over."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    standing = ModelServer(server.server_port, answering)
    server.RequestHandlerClass = _handler(standing)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield standing
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _completion() -> bytes:
    message = ChatCompletionMessage(role="assistant", content="Hello")
    choice = Choice(index=0, finish_reason="length", message=message)
    whole = ChatCompletion(
        id="c1", choices=[choice], created=0, model="llama", object="chat.completion"
    )
    return whole.model_dump_json().encode()


def _embedding() -> bytes:
    one = Embedding(index=0, embedding=[0.5, 0.5], object="embedding")
    usage = Usage(prompt_tokens=1, total_tokens=1)
    whole = CreateEmbeddingResponse(data=[one], model="llama", object="list", usage=usage)
    return whole.model_dump_json().encode()


def _handler(standing: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def _answer(self, body: object) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            standing.asked.append(asked)
            answer = standing.answering(asked)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
