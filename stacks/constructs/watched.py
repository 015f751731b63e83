"""What of a deployment there is to watch, and which of its planes that belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import aws_cdk as cdk
from constructs import Construct

from lisa.declared.doors import (
    INGEST,
    MODELS_DOOR,
    PIPELINES,
    REPOSITORY,
    STORES,
    WAKE,
    WATCH,
    WORKFLOWS,
)
from lisa.declared.entry_points import QUEUES, Door, Queue, Runs, Service
from lisa.declared.serve_function import SERVE_FUNCTION
from lisa.declared.services import INGEST_TASK, SERVICES
from lisa.declared.tables import TABLES, Table
from stacks.constructs import state_machine

OF_MODELS: Final = (MODELS_DOOR, WORKFLOWS, WATCH, WAKE)
OF_KNOWLEDGE: Final = (REPOSITORY, INGEST, PIPELINES, STORES)


class Plane(StrEnum):
    """What is looked at together."""

    CONTROL = "control-api"
    INFERENCE = "inference"
    MODELS = "models"
    KNOWLEDGE = "knowledge"
    DATA = "data"


@dataclass(frozen=True)
class Watched:
    """What there is, by its declarations."""

    doors: tuple[Door, ...]
    services: tuple[Service, ...]
    queues: tuple[Queue, ...]
    tables: tuple[Table, ...]
    workflows: tuple[tuple[str, Plane], ...]
    api: bool


def watched_in(scope: Construct, doors: Sequence[Door]) -> Watched:
    """Find what the stacks that are there have made, by the names of its constructs."""
    stacks = [each for each in scope.node.children if cdk.Stack.is_stack(each)]
    made = {child.node.id for stack in stacks for child in stack.node.children}
    planes = ((Runs.MODELS, Plane.MODELS), (Runs.STORES, Plane.KNOWLEDGE))
    return Watched(
        doors=tuple(each for each in doors if f"Door-{each.name}" in made),
        services=tuple(each for each in SERVICES if f"Service-{each.name}" in made),
        queues=tuple(each for each in QUEUES if f"Queue-{each.name}" in made),
        tables=tuple(each for each in TABLES if f"Table-{each.name}" in made),
        workflows=tuple(
            (name, plane)
            for runs, plane in planes
            for name in state_machine.WORKFLOWS[runs]
            if f"Workflow-{name}" in made
        ),
        api="Api" in made,
    )


def plane_of(door: Door | Service) -> Plane:
    """Tell which plane an entry point belongs to."""
    if isinstance(door, Service):
        return Plane.KNOWLEDGE if door == INGEST_TASK else Plane.INFERENCE
    if door in OF_KNOWLEDGE:
        return Plane.KNOWLEDGE
    if door.name == SERVE_FUNCTION.name:
        return Plane.INFERENCE
    return Plane.MODELS if door in OF_MODELS else Plane.CONTROL
