"""What a state machine's tasks ask for, done in a Lambda function.

A failure leaves the function as an error whose class the machine knows by name and whose message
is JSON; the machine hands it back to the tasks that undo.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from lisa.domain.errors import Unavailable
from lisa.workflows.definition import FAILURE, State, Step
from lisa.workflows.running import BUG, KINDS, Attempts, Failure, too_slow

TIMED_OUT: Final = ("States.Timeout", "Sandbox.Timedout")


class Bug(Exception):
    """A step broke by a mistake of ours; the log has its trace."""


ERRORS: Final[Mapping[str, type[Exception]]] = {BUG: Bug, **{kind.__name__: kind for kind in KINDS}}


class Tasks:
    """Does one step for a state machine."""

    def __init__(self, attempts: Attempts) -> None:
        """Know the functions. The machine says which, so it may be older than this."""
        self._attempts = attempts

    async def do(self, asked: Mapping[str, Any]) -> State:
        """Make one attempt; return the state after it."""
        step = Step(asked["task"], asked["run"], timeout_seconds=asked["timeout_seconds"])
        told = {FAILURE: failure_in(asked["failure"]).told()} if asked["failure"] else {}
        outcome = await self._attempts.attempt(step, {**asked["state"], **told})
        if isinstance(outcome, Failure):
            spoken = {"cause": outcome.cause, "next_step": outcome.next_step}
            raise ERRORS[outcome.kind](json.dumps(spoken))
        return outcome


def failure_in(caught: Mapping[str, Any]) -> Failure:
    """Read what a machine caught: the latest failure, which holds the one `before` it."""
    also_failed: list[str] = []
    while caught["before"]:
        also_failed.insert(0, caught["step"])
        caught = caught["before"]
    step, error = caught["step"], caught["caught"]
    kind, cause, next_step = _read(step, error["Error"], error.get("Cause", ""))
    return Failure(step, kind, cause, next_step, tuple(also_failed))


def _read(step: str, name: str, cause: str) -> tuple[str, str, str]:
    if name in TIMED_OUT:
        slow = too_slow(step)
        return slow.kind, slow.cause, slow.next_step
    try:
        spoken = json.loads(json.loads(cause)["errorMessage"])
        return name, spoken["cause"], spoken["next_step"]
    except (ValueError, KeyError, TypeError):
        return Unavailable.__name__, f"AWS could not do the step: {name} {cause}".strip(), ""
