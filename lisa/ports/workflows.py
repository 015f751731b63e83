"""Runs of workflows: begun, asked after and stopped by whoever needs what they do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class RunStatus(StrEnum):
    """How far a run is. One that was stopped has undone nothing."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class RunState:
    """What is known of a run; the words are for people, and there where it failed."""

    status: RunStatus
    step: str = ""
    cause: str = ""
    next_step: str = ""


class Workflows(Protocol):
    """Begins runs, elsewhere. A run's id is its caller's choice, at most 80 of [A-Za-z0-9_-]."""

    async def start(self, workflow: str, run_id: str, state: Mapping[str, Any]) -> None:
        """Begin a run; where one of this id was begun before, do nothing.

        Its functions find in the state also `workflow` and `run`.
        """

    async def state(self, workflow: str, run_id: str) -> RunState:
        """Tell how a run goes; one that was never begun is `NotFound`."""

    async def stop(self, workflow: str, run_id: str) -> None:
        """Let no further step begin; one that is being done may still end. Nothing is undone."""
