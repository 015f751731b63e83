"""`lisa up` and `lisa down` with the real local profile."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lisa.declared.home import CLI_TOKEN, LOGS, STATE
from local.running import is_running

COMMAND = Path(sys.executable).with_name("lisa")
PATIENCE = 100


class Machine:
    """A home on this machine, and the command line for it, run in a folder with a `local` too."""

    def __init__(self, home: Path) -> None:
        given = {name: os.environ[name] for name in os.environ if not name.startswith("LISA_")}
        self.home = home
        self.environ = {**given, "LISA_HOME": str(home), "LISA_PORT": "0"}
        self.folder = home.parent / "elsewhere"
        package = self.folder / "local"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("raise SystemExit('this local is not LISA')\n")
        self.foreground: subprocess.Popen[str] | None = None

    def lisa(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def up(self) -> tuple[subprocess.Popen[str], list[str]]:
        """Start in the foreground as a terminal would; return when it has said all."""
        process = subprocess.Popen(
            [COMMAND, "up", "--no-browser"],
            cwd=self.folder,
            env=self.environ,
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.foreground = process
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line.rstrip())
            if line.startswith("stop it"):
                break
        return process, said

    def clear(self) -> None:
        """Stop what a failed test left."""
        if (self.home / STATE).exists():
            self.lisa("down")
        if self.foreground and self.foreground.poll() is None:
            self.foreground.kill()
            self.foreground.wait()
        if self.foreground and self.foreground.stdout:
            self.foreground.stdout.close()


@pytest.fixture
def machine(home: Path) -> Iterator[Machine]:
    """Give a home that isn't there yet."""
    found = Machine(home)
    yield found
    found.clear()


def test_it_starts_detached_says_how_to_begin_and_stops(machine: Machine) -> None:
    done = machine.lisa("up", "--detach", "--json")
    assert done.returncode == 0, done.stderr
    started = json.loads(done.stdout)
    assert f"{started['url']}/#sign-in=" in started["sign_in"]
    answer = subprocess.run(
        ["bash", "-c", f"{started['curl']} --fail --silent"], capture_output=True, check=True
    )
    assert json.loads(answer.stdout)["items"] == []
    status = json.loads(machine.lisa("status", "--json").stdout)
    assert (status["pid"], status["answers"]) == (started["pid"], True)
    assert Path(status["data"]).is_dir()
    again = machine.lisa("up", "--detach")
    assert again.returncode == 1
    assert f"process {started['pid']}" in again.stderr
    assert machine.lisa("down").returncode == 0
    assert machine.lisa("status").returncode == 3
    assert not is_running(started["pid"], with_argument="local")


@pytest.mark.parametrize(
    ("request_to_stop", "to_whom"),
    [(signal.SIGINT, os.killpg), (signal.SIGTERM, os.kill)],
    ids=["ctrl-c", "terminate"],
)
def test_in_the_foreground_it_ends_cleanly_when_told_to(
    machine: Machine, request_to_stop: signal.Signals, to_whom: Callable[[int, int], None]
) -> None:
    process, said = machine.up()
    assert any(line.startswith("sign in  http://127.0.0.1:") for line in said)
    assert f"$(cat {shlex.quote(str(machine.home / CLI_TOKEN))})" in "\n".join(said)
    to_whom(process.pid, request_to_stop)
    to_whom(process.pid, request_to_stop)
    assert process.wait(PATIENCE) == 0
    assert machine.lisa("status").returncode == 3
    log = (machine.home / LOGS / "supervisor.log").read_text()
    assert log.count("stopping") == 1


def test_a_port_that_is_taken_is_told(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        detached = machine.lisa("up", "--detach", "--port", str(port))
        attached = machine.lisa("up", "--no-browser", "--port", str(port))
    for each in (detached, attached):
        assert each.returncode == 1
        assert f"listens on port {port}" in each.stderr
        assert "next step: choose another port" in each.stderr


def test_a_home_that_can_be_none_is_told(machine: Machine) -> None:
    machine.home.parent.joinpath("file").touch()
    for how in (["--detach"], ["--no-browser"]):
        refused = machine.lisa("up", *how, "--home", str(machine.home.parent / "file" / "home"))
        assert refused.returncode == 3
        assert "cannot be used" in refused.stderr


def test_json_is_refused_where_there_is_no_one_answer(machine: Machine) -> None:
    refused = machine.lisa("up", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stderr)["error"]["next_step"] == "add --detach"
