"""Updating a model that is in service: where the new one doesn't answer, the former one returns."""

from typing import Final

from lisa.workflows.definition import Step, WaitUntil, Workflow

UPDATE_MODEL: Final = Workflow(
    "update_model",
    nodes=(
        Step(
            "check weights",
            "check_weights",
            undo=WaitUntil("bring back what was", "bring_back_what_was", 3, 7200, 60),
        ),
        Step("take the route out", "take_the_route_out"),
        WaitUntil("drain", "drain", every_seconds=2, at_most_seconds=900),
        Step("ensure host", "ensure_host"),
        WaitUntil("wait until ready", "wait_until_ready", every_seconds=3, at_most_seconds=7200),
        WaitUntil("probe", "probe", every_seconds=3, at_most_seconds=120, timeout_seconds=60),
        WaitUntil("put in service", "put_in_service", 3, 7200, timeout_seconds=60),
    ),
    on_failure=Step("say why", "say_why"),
)
