"""Making a repository's store: it is in use when it has answered, or nothing of it is left."""

from typing import Final

from lisa.workflows.definition import Step, WaitUntil, Workflow

CREATE_STORE: Final = Workflow(
    "create_store",
    nodes=(
        Step(
            "ensure store",
            "ensure_store",
            undo=WaitUntil("remove what was made", "remove_what_was_made", 5, 7200),
        ),
        WaitUntil("wait until it stands", "wait_until_it_stands", 3, 7200),
        WaitUntil("try it", "try_it", every_seconds=5, at_most_seconds=900, timeout_seconds=80),
        Step("protect it", "protect_it"),
        Step("open it", "open_it"),
    ),
    on_failure=Step("tell why", "tell_why"),
)
