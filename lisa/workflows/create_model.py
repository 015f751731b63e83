"""Creating a model: it is in service when it has answered, or nothing of it is left."""

from typing import Final

from lisa.workflows.definition import Step, WaitUntil, Workflow

CREATE_MODEL: Final = Workflow(
    "create_model",
    nodes=(
        Step("check", "check"),
        Step(
            "ensure host",
            "ensure_host",
            undo=WaitUntil("remove what was begun", "remove_what_was_begun", 5, 3600),
        ),
        WaitUntil("wait until ready", "wait_until_ready", every_seconds=3, at_most_seconds=7200),
        WaitUntil("probe", "probe", every_seconds=3, at_most_seconds=120, timeout_seconds=60),
        WaitUntil("put in service", "put_in_service", 3, 7200, timeout_seconds=60),
    ),
    on_failure=Step("say why", "say_why"),
)
