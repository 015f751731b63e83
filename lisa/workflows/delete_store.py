"""Removing a repository's store: its repository is forgotten when nothing else of it is left."""

from typing import Final

from lisa.workflows.definition import Step, WaitUntil, Workflow

DELETE_STORE: Final = Workflow(
    "delete_store",
    nodes=(
        Step("remove store", "remove_store"),
        WaitUntil("wait until it is gone", "wait_until_it_is_gone", 5, 7200),
        Step("forget the repository", "forget_the_repository"),
    ),
    on_failure=Step("tell why", "tell_why"),
)
