import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from lisa.declared.home import DATA_POINTER
from lisa.declared.home import POSTGRES_PACKAGE as PACKAGE
from lisa.domain.errors import Conflict, Unavailable
from local.postgres import EmbeddedPostgres
from local.postgres_place import OUTSIDE
from tests.local.acknowledged import Writer

Start = Callable[[Path], EmbeddedPostgres]
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def start() -> Iterator[Start]:
    """Start servers that the test's end stops."""
    servers: list[EmbeddedPostgres] = []

    def start_one(home: Path) -> EmbeddedPostgres:
        servers.append(EmbeddedPostgres(home))
        servers[-1].start()
        return servers[-1]

    yield start_one
    for server in servers:
        server.stop()


@pytest.fixture
def start_apart() -> Iterator[Callable[[Path], tuple[subprocess.Popen[str], str, int]]]:
    """Start servers under a process of their own; returns it, the conninfo, the server's pid."""
    processes: list[subprocess.Popen[str]] = []

    def start_one(home: Path) -> tuple[subprocess.Popen[str], str, int]:
        command = [sys.executable, "-m", "tests.local.postgres_process", str(home)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout is not None
        conninfo, pid = (process.stdout.readline().strip() for _ in range(2))
        return process, conninfo, int(pid)

    yield start_one
    for process in processes:
        process.kill()
        process.communicate()


def ask(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(server.conninfo) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def kill(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.is_running():
        time.sleep(0.01)


def socket_folder(server: EmbeddedPostgres) -> Path:
    return Path(str(psycopg.conninfo.conninfo_to_dict(server.conninfo)["host"]))


def test_it_has_vectors_and_no_tcp(home: Path, start: Start) -> None:
    server = start(home)
    with psycopg.connect(server.conninfo) as connection:
        connection.execute("create extension vector")
    assert ask(server, "show listen_addresses") == ""
    assert ask(server, "select current_database()") == "lisa"
    assert ask(server, "show fsync") == ask(server, "show synchronous_commit") == "on"


def test_its_socket_is_for_its_owner_alone_and_leaves_with_it(home: Path, start: Start) -> None:
    server = start(home)
    folder = socket_folder(server)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    server.stop()
    assert not folder.exists()


def test_a_socket_folder_of_somebody_else_is_refused(home: Path, start: Start) -> None:
    server = start(home)
    folder = socket_folder(server)
    server.stop()
    folder.mkdir(mode=0o755)
    with pytest.raises(Unavailable, match="not ours alone"):
        server.start()
    folder.rmdir()
    server.start()


def test_what_was_written_is_there_after_a_stop(home: Path, start: Start) -> None:
    server = start(home)
    with psycopg.connect(server.conninfo) as connection:
        connection.execute("create table written as select 7 as number")
    server.stop()
    assert not server.is_running()
    server.start()
    assert ask(server, "select number from written") == 7


def test_two_homes_run_side_by_side(home: Path, open_home: Path, start: Start) -> None:
    one, other = start(home), start(open_home)
    assert one.data != other.data
    assert ask(one, "show data_directory") == str(one.data)
    assert ask(other, "show data_directory") == str(other.data)


def test_a_second_start_on_one_home_says_who_has_it(home: Path, start: Start) -> None:
    start(home)
    with pytest.raises(Conflict, match=f"process {os.getpid()} runs Postgres over"):
        start(home)


def test_no_row_is_lost_when_the_server_is_killed(home: Path, start: Start) -> None:
    server = start(home)
    with Writer(server.conninfo) as writer:
        for _ in range(3):
            writer.wait_for(200)
            kill(server)
            server.start()
        writer.wait_for(1)
    assert writer.lost() == set()


@pytest.mark.parametrize("both", [False, True], ids=["alone", "with-its-server"])
def test_no_row_is_lost_when_the_supervisor_is_killed(
    home: Path,
    start: Start,
    start_apart: Callable[[Path], tuple[subprocess.Popen[str], str, int]],
    both: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    supervisor, conninfo, pid = start_apart(home)
    with Writer(conninfo) as writer:
        writer.wait_for(300)
        supervisor.kill()
        if both:
            os.kill(pid, signal.SIGKILL)
        start(home)  # at once: the old server may still be on its way out, or a zombie
        writer.wait_for(100)
    assert writer.lost() == set()


def test_the_server_ends_with_its_killed_supervisor(
    home: Path, start_apart: Callable[[Path], tuple[subprocess.Popen[str], str, int]]
) -> None:
    supervisor, conninfo, _ = start_apart(home)
    supervisor.kill()
    while True:
        try:
            psycopg.connect(conninfo).close()
        except psycopg.OperationalError:
            break
        time.sleep(0.05)


def test_a_busy_backend_of_a_killed_server_does_not_keep_the_next_one_out(
    home: Path, start: Start
) -> None:
    server = start(home)
    busy = threading.Thread(target=_count_for_hours, args=[server.conninfo])
    busy.start()
    while ask(server, "select count(*) from pg_stat_activity where query like '%hours%'") != 2:
        time.sleep(0.05)
    kill(server)
    server.start()
    busy.join()
    assert ask(server, "select 1") == 1


def _count_for_hours(conninfo: str) -> None:
    with pytest.raises(psycopg.OperationalError), psycopg.connect(conninfo) as connection:
        connection.execute("do $$ begin /* hours */ loop end loop; end $$")


@pytest.mark.parametrize("kind", ["zombie", "stranger", "nobody at all"])
def test_a_stale_pid_file_is_taken_for_what_it_is(home: Path, start: Start, kind: str) -> None:
    server = start(home)
    pid_file = server.data / "postmaster.pid"
    kill(server)
    holder = subprocess.Popen(["sleep", "0" if kind == "zombie" else "600"])
    if kind == "nobody at all":
        holder.kill()
        holder.wait()
    _, others = pid_file.read_text().split("\n", 1)
    pid_file.write_text(f"{holder.pid}\n{others}")
    server.start()
    assert ask(server, "select 1") == 1
    assert (holder.poll() is None) == (kind == "stranger")
    holder.kill()
    holder.wait()


def test_a_pid_file_that_was_never_written_is_no_hindrance(home: Path, start: Start) -> None:
    server = start(home)
    server.stop()
    (server.data / "postmaster.pid").touch()
    server.start()
    assert ask(server, "select 1") == 1


def test_a_torn_creation_is_begun_anew(home: Path, start: Start) -> None:
    server = EmbeddedPostgres(home)
    start(home).stop()
    torn = server.data.parent / "data.new"
    torn.mkdir()
    (torn / "PG_VERSION").write_text("18\n")
    subprocess.run(["rm", "-r", str(server.data)], check=True)
    assert ask(start(home), "select 1") == 1


def test_a_server_that_cannot_start_says_why(home: Path, start: Start) -> None:
    server = start(home)
    server.stop()
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(Unavailable, match=r"initialized by PostgreSQL version 12") as caught:
        server.start()
    assert str(server.log) in caught.value.next_step


def test_it_changes_the_mode_of_no_folder_that_was_there(home: Path, start: Start) -> None:
    home.mkdir(mode=0o700)
    watched = [home, *home.parents, Path("/var/lib")]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in watched]
    start(home)
    assert [(path.stat().st_mode, path.stat().st_uid) for path in watched] == before


@pytest.mark.skipif(not AS_ROOT, reason="an ordinary user's Postgres runs as that user")
class TestAsRoot:
    def test_a_home_that_nobody_can_reach_has_its_data_elsewhere(
        self, home: Path, start: Start
    ) -> None:
        server = start(home)
        assert server.data.parent.parent == Path("/var/lib/lisa")
        assert (home / DATA_POINTER).read_text().strip() == str(server.data.parent)
        assert server.data.owner() == "nobody"

    def test_a_home_that_nobody_can_reach_has_its_data_inside(
        self, open_home: Path, start: Start
    ) -> None:
        server = start(open_home)
        assert server.data == open_home / "postgres" / "data"
        assert server.data.owner() == "nobody"
        assert stat.S_IMODE(open_home.stat().st_mode) == 0o711

    def test_data_that_can_no_longer_be_reached_is_not_replaced_by_empty_data(
        self, open_home: Path, start: Start
    ) -> None:
        server = start(open_home)
        server.stop()
        open_home.parent.chmod(0o700)
        with pytest.raises(Unavailable, match="can no longer be reached"):
            server.start()
        assert not (open_home / DATA_POINTER).exists()

    def test_binaries_that_nobody_can_reach_are_copied_to_where_it_can(
        self, home: Path, tmp_path: Path
    ) -> None:
        spec = importlib.util.find_spec(PACKAGE)
        assert spec is not None
        assert spec.origin is not None
        installed = Path(spec.origin).parents[1]
        private = tmp_path / "private"
        private.mkdir(mode=0o700)
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            (private / name).symlink_to(installed / name)
        copies = set(OUTSIDE.glob("binaries-*"))
        command = [sys.executable, "-m", "tests.local.postgres_process", str(home)]
        environ = {**os.environ, "PYTHONPATH": str(private)}
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            _, pid = (process.stdout.readline().strip() for _ in range(2))
            program = Path(f"/proc/{pid}/exe").resolve()
            process.kill()
        assert program.is_relative_to(OUTSIDE)
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        for copy in set(OUTSIDE.glob("binaries-*")) - copies:
            shutil.rmtree(copy)
