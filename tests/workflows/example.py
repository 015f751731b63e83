"""A small workflow that uses every word there is, and a world that fails by a script."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from lisa.domain.errors import Invalid, Unavailable
from lisa.workflows.definition import Choose, Retry, State, Step, WaitUntil, Workflow
from lisa.workflows.running import Steps

TWICE: Final = Retry(attempts=2, first_seconds=2, growth=2, longest_seconds=3)
SOON: Final = 0.05  # seconds until a step that hangs is given up
EXAMPLE: Final = Workflow(
    "example",
    nodes=(
        Step("note it", run="note", retry=TWICE, timeout_seconds=SOON),
        Choose(
            "which host",
            on="host",
            cases={
                "machines": (
                    Step(
                        "make machines",
                        run="make",
                        retry=TWICE,
                        timeout_seconds=SOON,
                        undo=WaitUntil("no machine is left", "remove", 10, 30, SOON),
                    ),
                    WaitUntil("machines answer", "answering", 10, 30, SOON),
                ),
                "elsewhere": (),
            },
            otherwise=(Step("refuse", run="refuse"),),
        ),
        Step(
            "let calls in",
            run="route",
            retry=TWICE,
            timeout_seconds=SOON,
            undo=Step("let no calls in", run="unroute", retry=TWICE, timeout_seconds=SOON),
        ),
        Step("announce it", run="announce", retry=TWICE, timeout_seconds=SOON),
    ),
    on_failure=Step("tell why", run="tell", retry=TWICE, timeout_seconds=SOON),
)
FUNCTIONS: Final = (
    "note",
    "make",
    "answering",
    "route",
    "announce",
    "remove",
    "unroute",
    "tell",
    "refuse",
)
Script = Mapping[str, Sequence[str]]


@dataclass
class World:
    """What happens, by function: `ok`, `busy`, `wrong`, `broken` or `hangs`; the last goes on."""

    script: Script = field(default_factory=dict)
    trace: list[tuple[str, str, State]] = field(default_factory=list)

    def happens(self, function: str) -> str:
        """Return what this call of a function comes to."""
        calls = sum(called == function for called, _, _ in self.trace)
        turns = self.script.get(function, ("ok",))
        return turns[min(calls, len(turns) - 1)]

    def calls(self) -> list[str]:
        """List the functions as they were called."""
        return [function for function, _, _ in self.trace]

    async def call(self, function: str, state: State) -> State:
        """Note the call and let happen what shall."""
        happens = "wrong" if function == "refuse" else self.happens(function)
        seen = {key: value for key, value in state.items() if key != "run"}
        self.trace.append((function, happens, seen))
        if happens == "busy":
            raise Unavailable(f"{function} is busy", next_step="wait")
        if happens == "wrong":
            raise Invalid(f"{function} is wrong", next_step="change it")
        if happens == "broken":
            message = f"{function} broke"
            raise KeyError(message)
        if happens == "hangs":
            await asyncio.Event().wait()
        return {"last": function}


class Worlds:
    """Each run's world."""

    def __init__(self) -> None:
        self.of: dict[str, World] = defaultdict(World)

    def steps(self) -> Steps:
        """Return the functions, each acting in the world of the run that calls it."""
        return {name: partial(self._call, name) for name in FUNCTIONS}

    async def _call(self, function: str, state: State) -> State:
        return await self.of[state["run"]].call(function, state)
