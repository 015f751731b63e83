"""Everything that is measured, each in processes of its own on a free port of loopback."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psutil

from benchmarks.serving.ours import fill
from benchmarks.serving.report import RIVAL_TWO
from lisa.declared.home import postgres_place
from local.postgres import EmbeddedPostgres

ROOT: Final = Path(__file__).parents[2]
RIVAL: Final = ROOT / ".venv-rival"
PATIENCE: Final = 90
RIVAL_KEY: Final = "sk-bench"


@dataclass(frozen=True)
class Contender:
    """One server to ask."""

    name: str
    url: str
    token: str
    process: psutil.Process | None
    database: psutil.Process | None = None

    @property
    def chat(self) -> str:
        """Where to send a chat."""
        return f"{self.url}/v1/chat/completions"

    def cpu_seconds(self) -> float:
        """Return what its processes have used so far, and its database's."""
        everybody = [*family(self.process), *family(self.database)]
        return sum(sum(each.cpu_times()[:2]) for each in everybody)

    def megabytes(self) -> float:
        """Return the memory its processes hold."""
        return sum(each.memory_info().rss for each in family(self.process)) / 1e6


def family(process: psutil.Process | None) -> list[psutil.Process]:
    """Return a process and all that it has started."""
    return [process, *process.children(recursive=True)] if process else []


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def running(command: list[str], environ: dict[str, str], log: Path) -> Iterator[psutil.Process]:
    """Run a process; end it by its id."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environ, stdout=output, stderr=output
        )
    try:
        yield psutil.Process(process.pid)
    finally:
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for each in family:
            if each.is_running():
                each.kill()


@contextmanager
def engine() -> Iterator[Contender]:
    """Run the engine that stands in."""
    port = free_port()
    command = [sys.executable, "-m", "tests.standins.engine", str(port)]
    with server("direct", command, {}, port, "/v1/models") as contender:
        yield contender


@contextmanager
def bare_relay(engine_url: str) -> Iterator[Contender]:
    """Run the ceiling."""
    port = free_port()
    command = _uvicorn("benchmarks.serving.bare_relay:app", port)
    with server("bare relay", command, {"BENCH_ENGINE": engine_url}, port, "/") as contender:
        yield contender


@dataclass(frozen=True)
class Fleet:
    """What all processes of our gateway share."""

    postgres: EmbeddedPostgres
    home: Path
    token: str

    @contextmanager
    def gateway(self, name: str, workers: int, stacks: Path | None = None) -> Iterator[Contender]:
        """Run so many processes on one port; with `stacks`, they write there where time goes."""
        port = free_port()
        environ = {
            "BENCH_DATABASE": self.postgres.conninfo,
            "BENCH_JOURNAL": str(self.home / "journal"),
        }
        if stacks:
            environ["BENCH_STACKS"] = str(stacks)
        command = [sys.executable, "-m", "benchmarks.serving.ours", str(port), str(workers)]
        database = psutil.Process(self.postgres.pid)
        with server(name, command, environ, port, "/health/readiness", workers) as started:
            yield replace(started, token=self.token, database=database)


@contextmanager
def fleet(engine_url: str) -> Iterator[Fleet]:
    """Run the database, with one model and one token in it."""
    home = Path(tempfile.mkdtemp(prefix="lisa-bench-"))
    postgres = EmbeddedPostgres(home)
    try:
        postgres.start()
        yield Fleet(postgres, home, fill(postgres.conninfo, engine_url))
    finally:
        postgres.stop()
        shutil.rmtree(postgres_place(home), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def rival(engine_url: str) -> Iterator[Contender | None]:
    """Run LiteLLM's proxy with two workers; None where it can't be installed."""
    if not _installed():
        yield None
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        config = Path(home) / "config.yaml"
        config.write_text(
            "model_list:\n  - model_name: tiny\n    litellm_params:\n"
            f"      model: openai/tiny\n      api_base: {engine_url}/v1\n      api_key: k\n"
            f"general_settings:\n  master_key: {RIVAL_KEY}\n"
        )
        program = str(RIVAL / "bin" / "litellm")
        command = [program, "--config", str(config), "--port", str(port), "--num_workers", "2"]
        command += ["--timeout_worker_healthcheck", str(PATIENCE)]  # it is long in coming
        environ = {
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_TELEMETRY": "False",
            "NO_PROXY": "*",
        }
        path = "/health/liveliness"
        with server(RIVAL_TWO, command, environ, port, path, 2) as started:
            yield replace(started, token=RIVAL_KEY)


def _installed() -> bool:
    """Install the locked proxy into an environment of its own, once."""
    if (RIVAL / "bin" / "litellm").exists():
        return True
    uv = str(ROOT / ".venv" / "bin" / "uv")
    python = str(RIVAL / "bin" / "python")
    lock = str(ROOT / "benchmarks" / "rival.txt")
    commands = (
        [uv, "venv", "--quiet", "--python", "3.11", str(RIVAL)],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock],
    )
    return all(subprocess.run(command, check=False).returncode == 0 for command in commands)


def _uvicorn(app: str, port: int) -> list[str]:
    options = "--factory --loop uvloop --http httptools --no-access-log --log-level warning"
    return [sys.executable, "-m", "uvicorn", app, "--port", str(port), *options.split()]


@contextmanager
def server(
    name: str, command: list[str], environ: dict[str, str], port: int, path: str, workers: int = 1
) -> Iterator[Contender]:
    """Run a server until it is measured; it is there when this path answers."""
    with (
        tempfile.TemporaryDirectory() as home,
        running(command, environ, Path(home) / "log") as process,
    ):
        url = f"http://127.0.0.1:{port}"
        _wait_for(url + path, process, Path(home) / "log")
        time.sleep(3 if workers > 1 else 0)  # until the others are there, too
        yield Contender(name, url, "", process)


def _wait_for(url: str, process: psutil.Process, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.status() != psutil.STATUS_ZOMBIE:
        try:
            urllib.request.urlopen(url, timeout=2)  # noqa: S310 - our own loopback address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{url} does not answer:\n{log.read_text()[-2000:]}")
