"""Our own reader of workflows: it goes through the nodes, tries again, undoes."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from random import SystemRandom
from typing import Any, Final, TypeAlias

from lisa.workflows.definition import (
    FAILURE,
    TRIED_AGAIN,
    Choose,
    Node,
    Retry,
    State,
    Step,
    Task,
    Workflow,
)
from lisa.workflows.running import Failure

Attempt: TypeAlias = Callable[[Task, State], Coroutine[Any, Any, State | Failure]]
Pause: TypeAlias = Callable[[float], Awaitable[None]]

_random: Final = SystemRandom()


class Run:
    """One run of a workflow. What makes it durable makes each attempt and each pause so."""

    def __init__(self, attempt: Attempt, pause: Pause, state: State) -> None:
        """Begin with a state."""
        self._attempt = attempt
        self._pause = pause
        self._state = state
        self._undos: list[Task] = []
        self._failure: Failure | None = None

    async def go(self, workflow: Workflow) -> State | Failure:
        """Go through all of it, and return how it ended."""
        if await self._all(workflow.nodes):
            return self._state
        while self._undos:
            await self._does(self._undos.pop())
        if workflow.on_failure:
            await self._does(workflow.on_failure)
        return self._failure or self._state

    async def _all(self, nodes: Sequence[Node]) -> bool:
        for node in nodes:
            if not await self._one(node):
                return False
        return True

    async def _one(self, node: Node) -> bool:
        if isinstance(node, Choose):
            return await self._all(node.chosen(self._state))
        if isinstance(node, Step) and node.undo:
            self._undos.append(node.undo)
        return await self._does(node)

    async def _does(self, task: Task) -> bool:
        outcome = await self._once(task)
        for seconds in task.retry.pauses():
            if not isinstance(outcome, Failure) or outcome.kind not in TRIED_AGAIN:
                break
            await self._pause(_length(task.retry, seconds))
            outcome = await self._once(task)
        if isinstance(outcome, Failure):
            self._note(outcome)
            return False
        self._state = outcome
        return True

    async def _once(self, task: Task) -> State | Failure:
        told = {FAILURE: self._failure.told()} if self._failure else {}
        return await self._attempt(task, {**self._state, **told})

    def _note(self, failure: Failure) -> None:
        first = self._failure
        self._failure = (
            replace(first, also_failed=(*first.also_failed, failure.step)) if first else failure
        )


def _length(retry: Retry, seconds: float) -> float:
    return _random.uniform(0, seconds) if retry.jitter else seconds
