"""The real gateway as its task would be, behind its balancer, with a model to call."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import anthropic
import openai

from lisa.declared.services import LITELLM, SERVE
from tests.deploy.conftest import Account
from tests.deploy.tasks import Task, task_of
from tests.standins.aws_emulator.process import ROOT

MODEL = "team/served"
ASKED: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]


@dataclass(frozen=True)
class Gateway:
    """A gateway process behind the deployment's balancer."""

    account: Account
    task: Task
    process: subprocess.Popen[bytes]

    def client(self, caller: str) -> openai.OpenAI:
        """Return the package's client with this caller's token."""
        token = self.account.deployed.tokens.get(caller, "nobody's")
        return openai.OpenAI(base_url=f"{self.task.address}/v1", api_key=token, max_retries=0)


@dataclass(frozen=True)
class EngineProcess:
    """A model's engine."""

    process: subprocess.Popen[str]
    url: str

    def go_on(self) -> None:
        """Let it say what it held back."""
        self.process.send_signal(signal.SIGUSR1)


@contextmanager
def running_engine(**usually: float) -> Iterator[EngineProcess]:
    """Run an engine that behaves like this where nobody says how."""
    line = [sys.executable, "-m", "tests.standins.engine", "0", json.dumps(usually)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            port = process.stdout.readline().strip()
            yield EngineProcess(process, f"http://127.0.0.1:{port}/v1")
        finally:
            process.terminate()


@contextmanager
def running_gateway(
    account: Account, engine: str, folder: Path, **instead: str
) -> Iterator[Gateway]:
    """Run the gateway with a model to call."""
    wanted = {"modelId": MODEL, "modelName": "tiny", "modelUrl": engine}
    journal = {"LISA_SERVE_JOURNAL": str(folder / "journal")}
    task = task_of(account.emulator, SERVE)
    with account.client("root") as root:
        made = root.post("/models", json=wanted)
        assert made.status_code == 200, made.text
        try:
            with task.running(folder, LISA_SERVE_WORKERS="2", **journal, **instead) as process:
                yield Gateway(account, task, process)
        finally:
            root.delete(f"/models/{MODEL}")


@contextmanager
def client_through_litellm(
    account: Account, engine: str, folder: Path
) -> Iterator[anthropic.Anthropic]:
    """Run the gateway and the LiteLLM service behind its own balancer; return who calls both."""
    beside = task_of(account.emulator, LITELLM)
    address = {"LISA_LITELLM_URL": beside.address}  # the name of a balancer resolves on AWS only
    with (
        beside.running(folder),
        running_gateway(account, engine, folder, **address) as gateway,
        anthropic.Anthropic(
            base_url=f"{gateway.task.address}/anthropic",
            auth_token=account.deployed.tokens["ada"],
            max_retries=0,
        ) as client,
    ):
        yield client
