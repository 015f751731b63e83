"""Starts the service as a process in the environment that is its own, and calls it."""

import json
import socket
import subprocess
import time
from pathlib import Path
from signal import SIGTERM
from typing import Any, Final

import httpx

from tests.standins.providers import anthropic_api, cohere, gemini
from tests.standins.providers.aws_wire import ACCESS_KEY, SECRET_KEY

ROOT: Final = Path(__file__).resolve().parents[2]
PYTHON: Final = ROOT / ".venv-litellm" / "bin" / "python"
SECRET: Final = "made-up-secret-of-the-gateway"
KEYS: Final = {
    "KEY_OF_ANTHROPIC": anthropic_api.KEY,
    "KEY_OF_GEMINI": gemini.KEY,
    "KEY_OF_COHERE": cohere.KEY,
    "KEY_OF_VLLM": "made-up-key-of-vllm",
    "OPENAI_API_KEY": "made-up-key-that-nobody-named",
}


class Service:
    """One process on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self._port = _free_port()
        self.output = folder / "output"
        self._secret = folder / "secret"
        self._secret.write_text(SECRET + "\n")
        self.client = httpx.Client(base_url=self.url, timeout=60)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def secret_reference(self) -> str:
        return f"file:{self._secret}"

    def start(self) -> None:
        environ = {
            "LISA_LITELLM_SECRET": self.secret_reference,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": "eu-central-1",
            "PATH": "/usr/bin:/bin",
            **KEYS,
        }
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [PYTHON, "-m", "containers.litellm", "--port", str(self._port)],
                cwd=ROOT,
                env=environ,
                stdout=output,
                stderr=output,
            )
        while not self.is_healthy():
            assert self._process.poll() is None, self.output.read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        self.client.close()
        assert self._process is not None
        self._process.terminate()
        assert self._process.wait(30) == -SIGTERM, self.output.read_text()

    def is_healthy(self) -> bool:
        try:
            return self.client.get("/health").is_success
        except httpx.TransportError:
            return False

    @staticmethod
    def headers(target: str, url: str = "", key: str | None = None) -> dict[str, str]:
        upstream = json.dumps({"target": target, "url": url, "key": key})
        return {"authorization": f"Bearer {SECRET}", "x-lisa-upstream": upstream}

    def call(
        self, path: str, target: str, url: str, body: dict[str, Any], key: str | None = None
    ) -> httpx.Response:
        """Send what the gateway would."""
        return self.client.post(path, json=body, headers=self.headers(target, url, key))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
