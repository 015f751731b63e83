"""All that can be done with a model that we run, each by its name."""

from collections.abc import Mapping
from typing import Final

from lisa.workflows.create_model import CREATE_MODEL
from lisa.workflows.definition import Workflow
from lisa.workflows.delete_model import DELETE_MODEL
from lisa.workflows.start_model import START_MODEL
from lisa.workflows.stop_model import STOP_MODEL
from lisa.workflows.update_model import UPDATE_MODEL

MODEL_WORKFLOWS: Final[Mapping[str, Workflow]] = {
    each.name: each for each in (CREATE_MODEL, UPDATE_MODEL, DELETE_MODEL, START_MODEL, STOP_MODEL)
}
