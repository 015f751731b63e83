"""Runs the local profile: Postgres, the app and the worker, each started again when it dies."""

import os
import signal
import socket
import sys
import time
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Final

from lisa.declared import home as names
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import Conflict, LisaError, Unavailable
from local import builtin_process, litellm_process
from local.builtin_process import BuiltInProcess
from local.child import Child, Patience, keep_logs_small
from local.handover import Handover, absolute
from local.listening import listen
from local.litellm_process import LiteLlmProcess
from local.lock import Taken, take_lock
from local.postgres import EmbeddedPostgres
from local.postgres_place import make_folder, make_home

LOOK_EVERY_SECONDS: Final = 0.1
HEALTH_SECONDS: Final = 0.5
TRIES_BEFORE_READY: Final = 3


class Supervisor:
    """Everything that runs for one home; whatever way we end, it ends with us."""

    def __init__(self, settings: LocalSettings) -> None:
        """Touch nothing yet."""
        self._settings = absolute(settings, settings.port)
        self._home = self._settings.home
        self._postgres = EmbeddedPostgres(self._home)
        self._postgres_patience = Patience()
        logs = self._home / names.LOGS
        self._children = [
            Child(each, logs / f"{each}.log", self._say) for each in ("app", "worker")
        ]
        self._built_in: BuiltInProcess | None = None
        self._litellm: LiteLlmProcess | None = None
        self._told_to_stop = False
        self._started = datetime.now(UTC)
        self._ready = False

    def run(self) -> None:
        """Return once told to stop, by Ctrl-C or a signal, with everything stopped."""
        for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(request, self._stop_soon)
        with ExitStack() as undo:
            self._take_home(undo)
            listener = undo.enter_context(listen(self._settings.host, self._settings.port))
            self._settings = absolute(self._settings, listener.getsockname()[1])
            keep_logs_small(self._home / names.LOGS)
            undo.callback(self._postgres.stop)
            self._postgres.start()
            if self._settings.built_in == "on":
                self._built_in = builtin_process.prepared(self._home, self._say, undo)
            keys = self._built_in.handover.told_to_callers() if self._built_in else {}
            level = self._settings.log_level
            self._litellm = litellm_process.prepared(self._home, level, keys, self._say, undo)
            undo.callback(self._stop_children)
            self._supervise(listener)
            self._say("stopping")

    def _say(self, text: str) -> None:
        """Tell the person one thing, at once, and keep it for whoever comes later."""
        with suppress(OSError):  # the terminal may be gone
            sys.stdout.write(f"lisa: {text}\n")
            sys.stdout.flush()
        with (self._home / names.LOGS / names.SUPERVISOR_LOG).open("a") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {text}\n")

    def _stop_soon(self, *_: object) -> None:
        self._told_to_stop = True

    def _take_home(self, undo: ExitStack) -> None:
        try:
            make_home(self._home)
            make_folder(self._home / names.LOGS)
            undo.enter_context(take_lock(self._home / names.LOCK))
            undo.callback((self._home / names.STATE).unlink, missing_ok=True)
            (self._home / names.STATE).unlink(missing_ok=True)  # of one that was killed
        except Taken as taken:
            raise Conflict(
                f"LISA runs on {self._home} already: process {taken.holder}{self._others_url()}",
                next_step="use that one, or stop it with `lisa down`",
            ) from taken
        except OSError as error:
            raise Unavailable(
                f"the home {self._home} cannot be used: {error.strerror}",
                next_step="give a folder you may write to: --home DIR or LISA_HOME",
            ) from error

    def _others_url(self) -> str:
        state = self._home / names.STATE
        if not state.exists():
            return ""  # it is still starting
        return f" at {names.State.model_validate_json(state.read_text()).url}"

    def _supervise(self, listener: socket.socket) -> None:
        handover = Handover(
            self._settings,
            self._postgres.conninfo,
            listener.fileno(),
            self._built_in.handover if self._built_in else None,
            self._litellm.handover if self._litellm else None,
        )
        self._write_state()
        while not self._told_to_stop:
            self._keep_postgres_running()
            for child in self._children:
                child.keep_running(handover)
            if not self._ready:
                self._look_whether_ready()
            elif self._built_in:  # not before: it would take its time from those that must be there
                self._built_in.keep_running()
            if self._litellm:
                self._litellm.run_if_asked_for()
            time.sleep(LOOK_EVERY_SECONDS)

    def _keep_postgres_running(self) -> None:
        if self._postgres.is_running() or not self._postgres_patience.is_due():
            return
        self._say(f"Postgres ended, see {self._postgres.log}")
        self._postgres_patience.note_a_try()
        try:
            self._postgres.start()
        except LisaError as error:
            self._say(f"{error.message}; {error.next_step}")

    def _look_whether_ready(self) -> None:
        if not self._is_healthy():
            self._give_up_on_what_never_starts()
            return
        self._ready = True
        self._write_state()
        self._say(f"ready at {self._url}")

    def _is_healthy(self) -> bool:
        address = (self._settings.host, self._settings.port)
        with closing(HTTPConnection(*address, timeout=HEALTH_SECONDS)) as connection:
            try:
                connection.request("GET", "/health")
                return connection.getresponse().status == HTTPStatus.OK
            except (OSError, HTTPException):
                return False

    def _give_up_on_what_never_starts(self) -> None:
        for child in self._children:
            if child.tries > TRIES_BEFORE_READY:
                last = child.log.read_text(errors="replace").strip().rpartition("\n")[2]
                raise Unavailable(
                    f"the {child.name} cannot start: {last}", next_step=f"read {child.log}"
                )

    @property
    def _url(self) -> str:
        return f"http://{self._settings.host}:{self._settings.port}"

    def _write_state(self) -> None:
        state = names.State(
            pid=os.getpid(),
            port=self._settings.port,
            url=self._url,
            data=self._postgres.data,
            started=self._started,
            ready=self._ready,
            runs=("Postgres", *(child.name for child in self._all_children)),
        )
        unfinished = self._home / f"{names.STATE}.new"
        unfinished.write_text(state.model_dump_json(indent=2) + "\n")
        unfinished.replace(self._home / names.STATE)

    @property
    def _all_children(self) -> list[Child]:
        others = (each.child for each in (self._built_in, self._litellm) if each)
        return [*self._children, *others]

    def _stop_children(self) -> None:
        for child in self._all_children:
            child.ask_to_end()
        for child in self._all_children:
            child.wait_for_end()
