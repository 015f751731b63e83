import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from lisa.declared.home import CLI_TOKEN, LOGS, STATE
from tests.local.supervised import Local

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def lisa(home: Path, command_environ: dict[str, str]) -> Iterator[Local]:
    lisa = Local(home, command_environ)
    yield lisa
    lisa.end()


@pytest.fixture(scope="module")
def standing(shared_home: Path, command_environ: dict[str, str]) -> Iterator[Local]:
    """Run one for the tests that leave it as well as they found it."""
    lisa = Local(shared_home, command_environ)
    lisa.up()
    yield lisa
    lisa.end()


def wait_until(it_holds: Callable[[], object]) -> None:
    while not it_holds():
        time.sleep(0.05)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [
        each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE
    ]


def test_it_serves_on_a_free_port_and_says_where_everything_is(standing: Local) -> None:
    lisa, process = standing, standing.started[0]
    assert lisa.state is not None
    assert lisa.state.pid == process.pid
    assert lisa.url == f"http://127.0.0.1:{lisa.state.port}"
    assert (lisa.state.data / "PG_VERSION").exists()
    assert lisa.is_healthy()
    assert lisa.get("/api/sessions").json() == {
        "items": [],
        "hits": [],
        "next_cursor": "",
    }
    assert stat.S_IMODE((lisa.home / CLI_TOKEN).stat().st_mode) == 0o600


def test_the_token_of_the_command_line_is_new_at_each_start(lisa: Local) -> None:
    first = lisa.up()
    token = (lisa.home / CLI_TOKEN).read_text()
    first.terminate()
    first.communicate()
    lisa.up()
    assert (lisa.home / CLI_TOKEN).read_text() != token
    assert lisa.get("/api/me").json()["admin"] is True


@pytest.mark.parametrize("request_", [signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_stops_everything(lisa: Local, request_: signal.Signals) -> None:
    process = lisa.up()
    running = lisa.processes()
    process.send_signal(request_)
    said, complained = process.communicate()
    assert (process.returncode, complained) == (0, "")
    assert "ready at" in said
    assert "stopping" in said
    assert alive(running) == []
    assert not (lisa.home / STATE).exists()


def test_told_to_stop_while_starting_it_stops(lisa: Local) -> None:
    process = lisa.start()
    wait_until((lisa.home / STATE).exists)
    running = lisa.processes()
    process.terminate()
    process.communicate()
    assert process.returncode == 0
    assert alive(running) == []


def test_a_second_start_on_one_home_says_who_has_it(standing: Local) -> None:
    second = standing.start()
    _, complained = second.communicate()
    assert second.returncode == 1
    assert f"process {standing.started[0].pid} at {standing.url}" in complained
    assert "`lisa down`" in complained


def test_a_port_that_is_taken_is_named_with_a_next_step(lisa: Local) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = lisa.start(port)
        _, complained = refused.communicate()
    assert refused.returncode == 1
    assert f"port {port}" in complained
    assert "--port" in complained.split("next step:")[1]


def test_a_home_that_cannot_be_is_named_with_a_next_step(lisa: Local) -> None:
    lisa.home.touch()
    refused = lisa.start()
    _, complained = refused.communicate()
    assert refused.returncode == 3
    assert str(lisa.home) in complained
    assert "LISA_HOME" in complained.split("next step:")[1]
    lisa.home.unlink()


def test_the_app_may_die_and_no_connection_is_refused(standing: Local) -> None:
    before = standing.child("local.app")
    assert before is not None
    before.kill()
    assert standing.is_healthy()
    after = standing.child("local.app")
    assert after is not None
    assert after.pid != before.pid
    assert standing.get("/api/sessions").is_success


@pytest.mark.parametrize("argument", ["local.worker", "-D"], ids=["worker", "Postgres"])
def test_another_child_may_die_and_is_started_again(standing: Local, argument: str) -> None:
    before = standing.child(argument)
    assert before is not None
    before.kill()
    before.wait()
    wait_until(lambda: standing.child(argument))
    wait_until(standing.is_healthy)
    assert standing.get("/api/sessions").is_success


def test_everything_ends_with_a_killed_supervisor_and_the_port_is_free_again(lisa: Local) -> None:
    process = lisa.up()
    assert lisa.state is not None
    port, (_, *others) = lisa.state.port, lisa.processes()
    process.kill()
    lisa.up(port)
    assert lisa.is_healthy()
    wait_until(lambda: not alive(others))


def test_two_homes_run_side_by_side(standing: Local, open_home: Path) -> None:
    other = Local(open_home, standing.environ)
    try:
        other.up()
        assert standing.get("/api/sessions").is_success
        assert other.get("/api/sessions").is_success
        assert standing.url != other.url
    finally:
        other.end()


def test_a_log_that_has_grown_large_is_put_aside_at_the_next_start(lisa: Local) -> None:
    logs = lisa.home / LOGS
    logs.mkdir(parents=True)
    (logs / "app.log").write_bytes(b"x" * 11_000_000)
    lisa.up()
    assert (logs / "app.log").stat().st_size < 1_000_000
    assert (logs / "app.log.old").stat().st_size == 11_000_000


def test_an_unknown_setting_in_a_dotenv_file_is_named_at_start(lisa: Local, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LISA_PROT=9000\n")
    started = subprocess.run(
        [sys.executable, "-m", "local"],
        cwd=tmp_path,
        env={**lisa.environ, "LISA_HOME": str(lisa.home), "PYTHONPATH": os.fspath(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "LISA_PROT" in started.stderr
    assert "LISA_PORT" in started.stderr
