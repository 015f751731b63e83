"""For each step of a model's workflows what makes it fail for good, and what comes of it.

What fails lies outside of our code: an object, a service, a right, an engine, a resource.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.deploy.troubles import (
    Trouble,
    all_of,
    configured,
    denied,
    engine,
    never_signalled,
    no_weights,
    of_step,
    refused,
    torn_weights,
    unsaid,
    unwritten,
)
from tests.standins.aws_emulator.faults import Instead

NOTHING: Final = all_of()


@dataclass(frozen=True)
class Case:
    """What goes wrong, what is said of it, and how the model is then.

    `before` stands already while the model is brought to where the workflow begins.
    """

    trouble: Trouble
    reason: str
    ends: str = "Failed"
    before: Trouble = NOTHING


STACKS: Final = "cloudformation"
SILENT: Final = "the database can't answer now"
TORN: Final = "the weights aren't whole: model.safetensors"
TIMED_OUT: Final = "Waits: WaitCondition timed out"
REFUSED: Final = "CloudFormation refused: told to"
SERVES: Final = "InService"
OUT_OF_MEMORY: Final = "CUDA is out of memory"

NOT_MADE: Final = refused(STACKS, "CreateStack", "LimitExceededException")
NOT_CHANGED: Final = refused(STACKS, "UpdateStack", "ValidationError")
NOT_REMOVED: Final = refused(STACKS, "DeleteStack", "ValidationError")
BROKEN: Final = engine("broken")
NEVER_MADE: Final = never_signalled(1)
NEVER_CHANGED: Final = never_signalled(1, disk_gb=50)


def unwritten_case(step: str, ends: str = "Failed") -> Case:
    """Return the case of a step that can't tell how it ended."""
    return Case(unwritten(step), f"{step}: {SILENT}", ends)


CASES: Final[Mapping[str, Mapping[str, Case]]] = {
    "create_model": {
        "check": Case(torn_weights, TORN),
        "ensure host": Case(NOT_MADE, REFUSED),
        "wait until ready": Case(NEVER_MADE, TIMED_OUT),
        "probe": Case(BROKEN, OUT_OF_MEMORY),
        "put in service": unwritten_case("put in service"),
        "remove what was begun": Case(
            all_of(BROKEN, NOT_REMOVED), "(and then failed: remove what was begun)"
        ),
        "say why": Case(all_of(torn_weights, unsaid()), TORN),
    },
    "update_model": {
        "check weights": Case(torn_weights, TORN, SERVES),
        "take the route out": unwritten_case("take the route out", SERVES),
        "drain": unwritten_case("drain", SERVES),
        "ensure host": Case(NOT_CHANGED, REFUSED, SERVES),
        "wait until ready": Case(NOTHING, TIMED_OUT, SERVES, before=NEVER_CHANGED),
        "probe": unwritten_case("probe", SERVES),
        "put in service": unwritten_case("put in service", SERVES),
        "bring back what was": Case(BROKEN, "(and then failed: bring back what was)"),
        "say why": Case(all_of(torn_weights, unsaid()), TORN),
    },
    "stop_model": {
        "take the route out": unwritten_case("take the route out"),
        "drain": unwritten_case("drain"),
        "stop the host": Case(NOT_CHANGED, REFUSED),
        "wait until it stands still": Case(NEVER_MADE, TIMED_OUT),
        "put to rest": unwritten_case("put to rest"),
        "say why": Case(all_of(NOT_CHANGED, unsaid()), REFUSED),
    },
    "start_model": {
        "check weights": Case(torn_weights, TORN),
        "ensure host": Case(NOT_CHANGED, REFUSED),
        "wait until ready": Case(NEVER_MADE, TIMED_OUT),
        "probe": Case(BROKEN, OUT_OF_MEMORY),
        "put in service": unwritten_case("put in service"),
        "stop what was begun": Case(
            all_of(BROKEN, unwritten("stop what was begun", "undone")),
            "(and then failed: stop what was begun)",
        ),
        "say why": Case(all_of(torn_weights, unsaid()), TORN),
    },
    "delete_model": {
        "take the route out": unwritten_case("take the route out"),
        "drain": unwritten_case("drain"),
        "remove host": Case(NOT_REMOVED, REFUSED),
        "wait until nothing is left": unwritten_case("wait until nothing is left"),
        "forget it": unwritten_case("forget it"),
        "say why": Case(all_of(NOT_REMOVED, unsaid()), REFUSED),
    },
}

# What else may happen to a model that is created.
FURTHER: Final[Mapping[str, Case]] = {
    "there are no weights": Case(no_weights, "check: "),
    "a right was taken away": Case(
        denied("cloudformation:CreateStack"), "cloudformation:CreateStack"
    ),
    "the stack never gets ready": Case(never_signalled(600), "parts are done"),
    "no replica gets well": Case(engine("none"), "it doesn't answer"),
    "what answers is no engine": Case(engine("nonsense"), "it doesn't answer"),
    "the table is too busy": Case(
        refused(
            "dynamodb",
            "TransactWriteItems",
            "ProvisionedThroughputExceededException",
            *of_step("check"),
        ),
        SILENT,
    ),
    "the function's time is over": Case(
        all_of(configured(Timeout=5), refused(STACKS, "CreateStack", Instead.SILENCE)),
        "ensure host: the step did not end in time",
    ),
    "the function can't begin": Case(
        configured(Handler="nowhere.handle"), "AWS could not do the step"
    ),
}
