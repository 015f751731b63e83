"""Stopping a model: no new call, then none under way, then nothing that costs."""

from typing import Final

from lisa.workflows.definition import Step, WaitUntil, Workflow

STOP_MODEL: Final = Workflow(
    "stop_model",
    nodes=(
        Step("take the route out", "take_the_route_out"),
        WaitUntil("drain", "drain", every_seconds=2, at_most_seconds=900),
        Step("stop the host", "stop_the_host"),
        WaitUntil("wait until it stands still", "wait_until_it_stands_still", 5, 3600),
        Step("put to rest", "put_to_rest"),
    ),
    on_failure=Step("say why", "say_why"),
)
