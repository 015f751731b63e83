"""Starts the local profile: in the foreground until it is told to stop, or detached until ready."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from cli.errors import TRY_AGAIN
from cli.running import written_state
from lisa.declared.home import LOGS, SUPERVISOR_LOG, State, mode_of
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import Conflict, Unavailable

COMMAND: Final = (sys.executable, "-m", "local")
CHECKOUT: Final = Path(__file__).parents[1]
START_SECONDS: Final = 120
LOOK_EVERY_SECONDS: Final = 0.1
STOPPING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SIGNALLED: Final = 128
TOLD: Final = re.compile(r"^error: (.*)\nnext step: (.*)$", re.MULTILINE)
LAST_LINES: Final = 5


def stay(settings: LocalSettings, when_ready: Callable[[State], None]) -> int:
    """Run it in the foreground; pass on the first request to stop, and wait for a clean end."""
    requests = threading.Event()
    for request in STOPPING_SIGNALS:
        outlives_its_terminal = signal.getsignal(request) is signal.SIG_IGN  # `nohup lisa up`
        if request is not signal.SIGHUP or not outlives_its_terminal:
            signal.signal(request, lambda *_: requests.set())
    begun = datetime.now(UTC)
    process = _start(settings, None)
    watch = threading.Thread(target=_watch, args=(settings, process, begun, when_ready))
    watch.daemon = True
    watch.start()
    while process.poll() is None and not requests.wait(LOOK_EVERY_SECONDS):
        pass
    if process.poll() is None:
        process.terminate()
    code = process.wait()
    return code if code >= 0 else SIGNALLED - code


def detach(settings: LocalSettings) -> State:
    """Start it in the background and return when it answers, or say why it doesn't."""
    begun = datetime.now(UTC)
    with _log(settings.home) as log:
        said_before = log.seek(0, os.SEEK_END)
        process = _start(settings, log)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if state := _ready(settings, process, begun):
                return state
            if process.poll() is not None:
                log.seek(said_before)
                raise _why(process.returncode, log.read().decode(errors="replace"), log.name)
            time.sleep(LOOK_EVERY_SECONDS)
    raise Unavailable(
        f"LISA does not answer after {START_SECONDS} s; process {process.pid} still tries",
        next_step=f"look into {settings.home / LOGS}; `lisa down` stops it",
    )


def _start(settings: LocalSettings, log: IO[bytes] | None) -> subprocess.Popen[bytes]:
    """Start it in a session of its own: a terminal's Ctrl-C would reach it a second time."""
    return subprocess.Popen(
        COMMAND,
        env=_environ(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if log else None,  # what it says it also writes to its log
        stderr=log,
        start_new_session=True,
    )


def _environ(settings: LocalSettings) -> dict[str, str]:
    """Give it our home and port, and our own code whatever lies in the current folder."""
    paths = [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "LISA_HOME": str(settings.home),
        "LISA_PORT": str(settings.port),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONSAFEPATH": "1",
    }


def _log(home: Path) -> IO[bytes]:
    """Open the log, in a home that may not be there yet."""
    try:
        if not home.is_dir():
            home.mkdir(parents=True)
            home.chmod(mode_of(passable=os.geteuid() == 0))
        logs = home / LOGS
        logs.mkdir(mode=0o700, exist_ok=True)
        return (logs / SUPERVISOR_LOG).open("a+b")
    except OSError as error:
        raise Unavailable(
            f"the home {home} cannot be used: {error.strerror}",
            next_step="give a folder you may write to: --home DIR or LISA_HOME",
        ) from error


def _watch(
    settings: LocalSettings,
    process: subprocess.Popen[bytes],
    begun: datetime,
    when_ready: Callable[[State], None],
) -> None:
    while process.poll() is None:
        if state := _ready(settings, process, begun):
            when_ready(state)
            return
        time.sleep(LOOK_EVERY_SECONDS)


def _ready(
    settings: LocalSettings, process: subprocess.Popen[bytes], begun: datetime
) -> State | None:
    """Return its state once it answers; in a container a killed one may have had the same pid."""
    state = written_state(settings.home)
    is_its_own = state and state.pid == process.pid and state.started >= begun
    return state if state and is_its_own and state.ready else None


def _why(code: int, said: str, log: str) -> Unavailable | Conflict:
    """Repeat what the supervisor told of its failure."""
    kind = Unavailable if code == TRY_AGAIN else Conflict
    if told := TOLD.findall(said):
        message, next_step = told[-1]
        return kind(message, next_step=next_step)
    last = "\n".join(said.strip().splitlines()[-LAST_LINES:])
    return Unavailable(f"LISA ended while starting (code {code})\n{last}", next_step=f"read {log}")
