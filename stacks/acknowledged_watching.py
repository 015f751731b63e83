"""The findings about watching and copying: most of it knows no single resource."""

from collections.abc import Iterator, Mapping
from typing import Final

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import DOORS
from lisa.declared.entry_points import Runs
from lisa.declared.parts import Part
from lisa.declared.serve_function import SERVE_FUNCTION
from lisa.declared.tables import TABLES, Table
from stacks.constructs.state_machine import WORKFLOWS
from stacks.finding import NAG, Acknowledged, any_of

STACKS: Final[Mapping[str, str]] = {  # of doors, where they aren't called as the door is
    "authorizer": "api",
    "sweep": "sessions",
    "workflows": "lifecycle",
    "watch": "lifecycle",
    "wake": "lifecycle",
    "pipelines": "repository",
    "rotate": "data",
    SERVE_FUNCTION.name: "serve",
}
TRACES: Final = (
    "the function may write traces that aren't its own",
    "xray:PutTraceSegments and xray:PutTelemetryRecords know no resource",
)
UNTRACED: Final = (
    "of a run there is no picture beside other traces",
    "its history and its log tell each step; `observability.tracing` adds traces, which cost",
)
COPIES: Final = (
    "the role may look at and remove every copy of a table",
    "a copy gets its name when it is made; the tables are named, and AWS Backup alone is the role",
)


def found_in_watching(config: DeploymentConfig) -> Iterator[Acknowledged]:
    """Yield what there is to acknowledge about traces and copies."""
    yield from _of_traces(config) if config.observability.tracing else _of_no_traces(config)
    for table in TABLES if config.backup.enabled else ():
        if config.has(table.of):
            copies = any_of("dynamodb", f"table/<{_parameter_of(table)}>/backup/*")
            yield Acknowledged("backup", "Role", copies, *COPIES)


def _of_traces(config: DeploymentConfig) -> Iterator[Acknowledged]:
    doors = [each for each in DOORS if config.has(each.of)]
    for door in (*doors, SERVE_FUNCTION) if config.serve.is_function else doors:
        stack = STACKS.get(door.name, door.name)
        yield Acknowledged(stack, f"Door-{door.name}/Role", f"{NAG}IAM5[Resource::*]", *TRACES)


def _of_no_traces(config: DeploymentConfig) -> Iterator[Acknowledged]:
    places = ((Runs.MODELS, Part.INFERENCE, "lifecycle"), (Runs.STORES, Part.KNOWLEDGE, "stores"))
    for runs, part, stack in places:
        for name in WORKFLOWS[runs] if config.has(part) else ():
            yield Acknowledged(stack, f"Workflow-{name}/Machine", f"{NAG}SF2", *UNTRACED)


def _parameter_of(table: Table) -> str:
    return "Table" + "".join(word.capitalize() for word in table.name.split("_"))
