"""Takes `vllm serve`'s own flags, refuses others, loads nothing and answers like an engine.

It takes as many seconds to start as `STAND_IN_LOADS_FOR` says.
"""

import argparse
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


def asked(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="vllm", allow_abbrev=False)
    serve = parser.add_subparsers(required=True).add_parser("serve", allow_abbrev=False)
    serve.add_argument("model", type=Path)
    serve.add_argument("--served-model-name", required=True)
    serve.add_argument("--host", required=True)
    serve.add_argument("--port", type=int, required=True)
    serve.add_argument("--max-model-len", type=int)
    return parser.parse_args(arguments)


class Server(ThreadingHTTPServer):
    """Has as long a queue of connections as an engine."""

    request_queue_size = 256
    daemon_threads = True

    def __init__(self, given: argparse.Namespace) -> None:
        config = json.loads((given.model / "config.json").read_text())
        self.name = given.served_model_name
        self.window = given.max_model_len or config["max_position_embeddings"]
        super().__init__((given.host, given.port), Handler)

    @property
    def words(self) -> list[str]:
        return [f"{self.name}", " takes ", f"{self.window}", " in ", f"{os.getpid()}"]


class Handler(BaseHTTPRequestHandler):
    """Answers one caller."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        if self.path == "/health":
            self._send(b"")
        elif self.path == "/v1/models":
            self._send_json(200, {"object": "list", "data": [{"id": self.server.name}]})
        else:
            self._send_json(404, {"error": {"message": f"no {self.path}"}})

    def do_POST(self) -> None:
        says = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/v1/chat/completions" or says["model"] != self.server.name:
            self._send_json(404, {"error": {"message": f"no {says['model']} at {self.path}"}})
        elif says.get("stream"):
            self._stream(says)
        else:
            message = {"role": "assistant", "content": "".join(self.server.words)}
            choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            self._send_json(200, self._made("chat.completion", [choice]) | {"usage": USAGE})

    def _stream(self, says: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for word in self.server.words:
            delta = {"index": 0, "delta": {"content": word}, "finish_reason": None}
            self._event(self._made("chat.completion.chunk", [delta]))
            time.sleep(0.05)
        last = {"index": 0, "delta": {}, "finish_reason": "stop"}
        self._event(self._made("chat.completion.chunk", [last]))
        if (says.get("stream_options") or {}).get("include_usage"):
            self._event(self._made("chat.completion.chunk", []) | {"usage": USAGE})
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def _event(self, said: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps(said).encode() + b"\n\n")
        self.wfile.flush()

    def _made(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        about = {"id": "chatcmpl-1", "object": kind, "created": int(time.time())}
        return {**about, "model": self.server.name, "choices": choices}

    def _send_json(self, status: int, said: dict[str, Any]) -> None:
        self._send(json.dumps(said).encode(), status)

    def _send(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


USAGE = {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}

if __name__ == "__main__":
    print("vllm: a stand-in that loads nothing", flush=True)  # noqa: T201 - engines log there
    given = asked()
    time.sleep(float(os.environ.get("STAND_IN_LOADS_FOR", "0")))
    Server(given).serve_forever()
