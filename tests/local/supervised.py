"""The local profile of one home, started as `python -m local`."""

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from lisa.declared.home import CLI_TOKEN, STATE, State


@dataclass
class Local:
    """A supervisor and everything it starts."""

    home: Path
    environ: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, port: int = 0) -> subprocess.Popen[str]:
        """Start one, whatever comes of it."""
        environ = {**self.environ, "LISA_HOME": str(self.home), "LISA_PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "local"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def up(self, port: int = 0) -> subprocess.Popen[str]:
        """Start one and return when it is ready."""
        process = self.start(port)
        while not (self.state and self.state.ready and self.state.pid == process.pid):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        return process

    def end(self) -> None:
        """Stop what still runs."""
        for process in self.started:
            process.terminate()
            process.communicate()

    @property
    def state(self) -> State | None:
        """Return what it last said of itself."""
        file = self.home / STATE
        return State.model_validate_json(file.read_text()) if file.exists() else None

    @property
    def url(self) -> str:
        """Return where it listens."""
        assert self.state is not None
        return self.state.url

    def processes(self) -> list[psutil.Process]:
        """Return the supervisor and everything it started."""
        assert self.state is not None
        top = psutil.Process(self.state.pid)
        return [top, *top.children(recursive=True)]

    def child(self, argument: str) -> psutil.Process | None:
        """Return the supervisor's own child that was started with this argument."""
        children = self.processes()[0].children()
        return next((each for each in children if argument in _arguments(each)), None)

    def is_healthy(self) -> bool:
        """Ask the app, with patience for one that is just starting."""
        return httpx.get(f"{self.url}/health", timeout=60).is_success

    def get(self, path: str) -> httpx.Response:
        """Ask as the command line would."""
        token = (self.home / CLI_TOKEN).read_text().strip()
        return httpx.get(self.url + path, headers={"authorization": f"Bearer {token}"}, timeout=60)


async def known_to_gateway(http: httpx.AsyncClient, model: str) -> None:
    """Return as soon as the gateway has heard of a model, which it does a moment later."""
    for _ in range(300):
        if model in (await http.get("/v1/models")).text:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the gateway never heard of {model}")


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []
