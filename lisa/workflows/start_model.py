"""Starting a model that stands still; waking one is the same."""

from typing import Final

from lisa.workflows.definition import Step, WaitUntil, Workflow

START_MODEL: Final = Workflow(
    "start_model",
    nodes=(
        Step("check weights", "check_weights"),
        Step(
            "ensure host",
            "ensure_host",
            undo=WaitUntil("stop what was begun", "stop_what_was_begun", 5, 3600),
        ),
        WaitUntil("wait until ready", "wait_until_ready", every_seconds=3, at_most_seconds=7200),
        WaitUntil("probe", "probe", every_seconds=3, at_most_seconds=120, timeout_seconds=60),
        WaitUntil("put in service", "put_in_service", 3, 7200, timeout_seconds=60),
    ),
    on_failure=Step("say why", "say_why"),
)
