"""All that can be done with a store that we make, each by its name."""

from collections.abc import Mapping
from typing import Final

from lisa.workflows.create_store import CREATE_STORE
from lisa.workflows.definition import Workflow
from lisa.workflows.delete_store import DELETE_STORE

STORE_WORKFLOWS: Final[Mapping[str, Workflow]] = {
    each.name: each for each in (CREATE_STORE, DELETE_STORE)
}
