"""Steps of models' workflows fail on AWS, each of them: no run hangs, nothing is left, all is told.

The deployed machines are less patient here, and their waits shorter; nothing else is changed.
"""

from collections.abc import Iterator
from typing import Final

import pytest

from lisa.workflows.of_models import MODEL_WORKFLOWS
from tests.deploy.conftest import ACCOUNTS, Account
from tests.deploy.failing_steps import CASES, FURTHER, SERVES
from tests.deploy.hosted import client_of, outputs_of, stacks_of, until
from tests.deploy.lab import laboratory
from tests.deploy.troubles import Lab, engine, former_stack, held, of_step, protected
from tests.standins.aws_emulator.faults import Fault, Instead

pytestmark = [
    pytest.mark.timeout(900),  # whoever comes first deploys
    pytest.mark.parametrize("account", ACCOUNTS[-1:], indirect=True),
]
LIFE: Final = {
    "create": SERVES,
    "update": SERVES,
    "stop": "Stopped",
    "start": SERVES,
    "delete": "gone",
}
CHANGES: Final = {
    ("create_model", "ensure host"): "CreateStack",
    ("update_model", "ensure host"): "UpdateStack",
    ("stop_model", "stop the host"): "UpdateStack",
    ("start_model", "ensure host"): "UpdateStack",
    ("delete_model", "remove host"): "DeleteStack",
}
QUICK: Final = {("create_model", "check"), ("create_model", "wait until ready")}
ALL: Final = [
    pytest.param(name, step, marks=[] if (name, step) in QUICK else [pytest.mark.slow])
    for name, cases in CASES.items()
    for step in cases
]
COSTS_NOTHING: Final = {"ClusterName", "LogGroupName"}  # what a stack without replicas tells


@pytest.fixture(scope="module")
def lab(account: Account) -> Iterator[Lab]:
    with laboratory(account) as lab:
        yield lab


@pytest.fixture
def clean(lab: Lab) -> Iterator[Lab]:
    """Begin and end with nothing."""
    yield lab
    if lab.model.ended() != "gone":
        assert lab.model.does("delete") == "gone", lab.model.told()
    assert stacks_of(lab.account) == []


def told_of(lab: Lab, workflow: str) -> set[str]:
    """Return the steps of which the timeline says that they were tried again."""
    events = lab.model.events()
    return {
        each["step"]
        for each in events
        if (each["workflow"], each["phase"]) == (workflow, "going on")
    }


def waits_at(lab: Lab, step: str) -> bool:
    """Tell whether it is tried again now."""
    last = lab.model.events()[-1]
    return (last["step"], last["phase"]) == (step, "going on")


def once(workflow: str, step: str) -> Fault:
    """Return what fails a step once: the change it makes, or else the writing of its end."""
    if (workflow, step) in CHANGES:
        return Fault("cloudformation", CHANGES[workflow, step], "AccessDenied")
    return Fault("dynamodb", "TransactWriteItems", "AccessDeniedException", about=of_step(step))


def bring_to_the_beginning_of(workflow: str, lab: Lab) -> None:
    if workflow != "create_model":
        assert lab.model.does("create") == SERVES, lab.model.told()
    if workflow == "start_model":
        assert lab.model.does("stop") == "Stopped", lab.model.told()


def execution_of(lab: Lab, workflow: str, run: str) -> str:
    """Return how the machine's run is."""
    with client_of(lab.account, "stepfunctions") as states:
        machines = states.list_state_machines()["stateMachines"]
        [arn] = [each["stateMachineArn"] for each in machines if each["name"].endswith(workflow)]
        runs = states.list_executions(stateMachineArn=arn)["executions"]
    return str(next(each["status"] for each in runs if each["name"] == run))


def test_there_is_a_case_for_each_step(account: Account) -> None:
    del account
    assert {name: set(cases) for name, cases in CASES.items()} == {
        name: {each.name for each in workflow.tasks()} for name, workflow in MODEL_WORKFLOWS.items()
    }


@pytest.mark.slow
def test_each_step_fails_once_and_the_model_goes_its_way(clean: Lab) -> None:
    for verb, ends in LIFE.items():
        workflow = MODEL_WORKFLOWS[f"{verb}_model"]
        faults = {each.name: once(workflow.name, each.name) for each in workflow.nodes}
        with clean.endpoint.failing(*faults.values()):
            assert clean.model.does(verb) == ends, clean.model.told()
        assert {step: fault.met for step, fault in faults.items()} == dict.fromkeys(faults, 1)
        assert told_of(clean, workflow.name) >= faults.keys()


@pytest.mark.parametrize(("workflow", "step"), ALL)
def test_a_step_that_fails_for_good_ends_the_run_truthfully(
    clean: Lab, workflow: str, step: str
) -> None:
    case, model = CASES[workflow][step], clean.model
    with case.before(clean):
        bring_to_the_beginning_of(workflow, clean)
        with case.trouble(clean):
            assert model.does(workflow.removesuffix("_model")) == case.ends, model.told()
    shown = model.shown
    assert case.reason in shown["reason"], model.told()
    assert shown["nextStep"]
    assert execution_of(clean, workflow, shown["run"]) == "FAILED"
    assert bool(shown["upstreams"]) == (case.ends == SERVES)
    if workflow == "create_model" and step != "remove what was begun":
        assert stacks_of(clean.account) == []
    if workflow == "start_model" and step != "stop what was begun":
        assert outputs_of(clean.account).keys() == COSTS_NOTHING


@pytest.mark.slow
@pytest.mark.parametrize("what", FURTHER)
def test_a_creation_that_fails_says_why_and_leaves_nothing(clean: Lab, what: str) -> None:
    case = FURTHER[what]
    with case.trouble(clean):
        assert clean.model.does("create") == "Failed", clean.model.told()
    shown = clean.model.shown
    assert case.reason in shown["reason"], clean.model.told()
    assert shown["nextStep"]
    assert shown["upstreams"] == []
    assert stacks_of(clean.account) == []


@pytest.mark.slow
def test_a_stack_of_the_same_name_is_left_alone_until_the_model_is_deleted(clean: Lab) -> None:
    with former_stack(clean):
        assert clean.model.does("create") == "Failed", clean.model.told()
        assert "something of a former model" in clean.model.shown["reason"]
        assert [each["StackStatus"] for each in stacks_of(clean.account)] == ["CREATE_COMPLETE"]


@pytest.mark.slow
def test_a_stack_that_was_made_unheard_is_not_made_twice(clean: Lab) -> None:
    fault = Fault("cloudformation", "CreateStack", Instead.LOSS)
    with clean.endpoint.failing(fault):
        assert clean.model.does("create") == SERVES, clean.model.told()
    assert fault.met == 1
    assert len(stacks_of(clean.account)) == 1


@pytest.mark.slow
def test_what_was_begun_is_removed_although_that_fails_at_first(clean: Lab) -> None:
    fault = Fault("cloudformation", "DeleteStack", "AccessDenied")
    with engine("broken")(clean), clean.endpoint.failing(fault):
        assert clean.model.does("create") == "Failed", clean.model.told()
    assert "remove what was begun" in told_of(clean, "create_model")
    assert stacks_of(clean.account) == []


@pytest.mark.slow
def test_a_protected_stack_is_removed_once_it_no_longer_is(clean: Lab) -> None:
    assert clean.model.does("create") == SERVES, clean.model.told()
    with protected(clean):
        clean.model.ask("delete")
        until(lambda: waits_at(clean, "remove host"))
        assert "TerminationProtection" in clean.model.shown["reason"]
    assert until(clean.model.ended) == "gone", clean.model.told()


@pytest.mark.slow
def test_a_stack_that_something_holds_is_removed_once_that_is_gone(clean: Lab) -> None:
    with held(clean) as hold:
        assert clean.model.does("create") == SERVES, clean.model.told()
        with hold():
            clean.model.ask("delete")
            until(lambda: "DELETE_FAILED" in clean.model.shown["reason"])
    assert until(clean.model.ended) == "gone", clean.model.told()
    assert "wait until nothing is left" in told_of(clean, "delete_model")
