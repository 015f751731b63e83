"""Deleting a model: its row goes when nothing else of it is left."""

from typing import Final

from lisa.workflows.definition import Step, WaitUntil, Workflow

DELETE_MODEL: Final = Workflow(
    "delete_model",
    nodes=(
        Step("take the route out", "take_the_route_out"),
        WaitUntil("drain", "drain", every_seconds=2, at_most_seconds=900),
        Step("remove host", "remove_host"),
        WaitUntil("wait until nothing is left", "wait_until_nothing_is_left", 5, 3600),
        Step("forget it", "forget_it"),
    ),
    on_failure=Step("say why", "say_why"),
)
