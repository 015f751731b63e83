"""A workflow as data: what is done one after another, and what is undone where that fails.

Two readers make it happen, Step Functions and a worker of our own, and both promise the same:

- A run has a state, a JSON object. A step's function gets it and answers what changes in it.
- A function may be called more than once for one step, so calling it again must do no harm.
- What raises `Unavailable` or `LimitReached`, or doesn't end in time, is tried again as the step's
  `retry` says. Every other error is final at once.
- When a step has failed, the undos of all steps that were begun are done, the last one first,
  its own included; then `on_failure`. All of them find in the state, under `failure`, what failed
  and why. One of them that fails doesn't keep the others from being done. The run has failed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import ceil
from typing import Any, Final, TypeAlias

from lisa.domain.errors import Invalid, LimitReached, Unavailable

State: TypeAlias = dict[str, Any]

TRIED_AGAIN: Final = (Unavailable.__name__, LimitReached.__name__)
FAILURE: Final = "failure"  # where the state tells of it
LONGEST_TIMEOUT: Final = 840  # seconds; a Lambda function lives for 900
GRACE_SECONDS: Final = 30  # for whoever calls a step's function: to start it and to hear of its end
_NAME: Final = re.compile(r"[A-Za-z][\w -]{0,59}", re.ASCII)
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Retry:
    """How often something is tried again, after pauses that grow from the first to the longest.

    With jitter a pause has a random length, at most the one that is its turn.
    """

    attempts: int = 5
    first_seconds: int = 2
    growth: float = 2
    longest_seconds: int = 60
    jitter: bool = True

    def pauses(self) -> Iterator[float]:
        """Yield the pause before each further attempt."""
        seconds = float(self.first_seconds)
        for _ in range(self.attempts):
            yield min(seconds, self.longest_seconds)
            seconds = min(seconds * self.growth, self.longest_seconds)


@dataclass(frozen=True)
class WaitUntil:
    """Ask at even intervals until the function no longer raises `Unavailable`.

    What it said last is the cause when the time is over.
    """

    name: str
    run: str
    every_seconds: int
    at_most_seconds: int
    timeout_seconds: float = 30

    @property
    def retry(self) -> Retry:
        """Return what waiting is: trying again, patiently."""
        attempts = self.at_most_seconds // self.every_seconds
        return Retry(attempts, self.every_seconds, 1, self.every_seconds, jitter=False)


@dataclass(frozen=True)
class Step:
    """Call one function; `undo` is done when this or a later step fails."""

    name: str
    run: str
    retry: Retry = field(default_factory=Retry)
    timeout_seconds: float = 60
    undo: "Task | None" = None


@dataclass(frozen=True)
class Choose:
    """Go on with the nodes for the text that the state holds under `on`."""

    name: str
    on: str
    cases: Mapping[str, Sequence["Node"]]
    otherwise: Sequence["Node"] = ()

    def chosen(self, state: State) -> Sequence["Node"]:
        """Return what is done in this state."""
        value = state.get(self.on)
        return self.cases.get(value, self.otherwise) if isinstance(value, str) else self.otherwise


Task: TypeAlias = Step | WaitUntil
Node: TypeAlias = Step | WaitUntil | Choose


@dataclass(frozen=True)
class Workflow:
    """Nodes in their order; every name in it stands for one thing."""

    name: str
    nodes: Sequence[Node]
    on_failure: Task | None = None

    def __post_init__(self) -> None:
        """Refuse what one of the readers could not do."""
        names = [self.name, *(node.name for node in self._everything())]
        doubtful = {name for name in names if names.count(name) > 1 or not _NAME.fullmatch(name)}
        doubtful |= {task.name for task in self.tasks() if not _can_end(task)}
        doubtful |= {each.name for each in self._everything() if not _can_choose(each)}
        if doubtful:
            raise Invalid(f"in the workflow {self.name}: {', '.join(sorted(doubtful))}")

    def tasks(self) -> Sequence[Task]:
        """Return all that calls a function."""
        return [each for each in self._everything() if not isinstance(each, Choose)]

    @property
    def longest_seconds(self) -> float:
        """How long a run can take if all goes wrong as slowly as it may."""
        return sum(map(_longest, self.tasks()))

    def _everything(self) -> Sequence[Node]:
        last = [self.on_failure] if self.on_failure else []
        return [*_below(self.nodes), *last]


def _below(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Step) and node.undo:
            yield node.undo
        elif isinstance(node, Choose):
            yield from _below([*chain(*node.cases.values()), *node.otherwise])


def _longest(task: Task) -> float:
    attempts = task.retry.attempts + 1
    return attempts * (ceil(task.timeout_seconds) + GRACE_SECONDS) + sum(task.retry.pauses())


def _can_end(task: Task) -> bool:
    if isinstance(task, WaitUntil) and not 0 < task.every_seconds <= task.at_most_seconds:
        return False
    retry = task.retry
    patient = retry.attempts >= 0 and 0 < retry.first_seconds <= retry.longest_seconds
    return patient and retry.growth >= 1 and 0 < task.timeout_seconds <= LONGEST_TIMEOUT


def _can_choose(node: Node) -> bool:
    return not isinstance(node, Choose) or (bool(node.cases) and bool(_KEY.fullmatch(node.on)))
