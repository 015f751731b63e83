"""A model in an account where everything can go wrong, and where nobody waits for long."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import httpx

from lisa.workflows.of_models import MODEL_WORKFLOWS
from tests.deploy.conftest import Account
from tests.deploy.gateways import running_engine
from tests.deploy.hosted import Hosted, client_of, make_bucket, put_weights
from tests.deploy.replicas import Replicas
from tests.deploy.troubles import Lab
from tests.standins.aws_emulator.faulty_endpoint import FaultyEndpoint
from tests.standins.providers.server import Asked, Provider, Reply, as_json

FASTER: Final = 0.1  # what becomes of a second that a machine waits
PATIENCE: Final = 15  # attempts at most
LENGTH_OF_WAITS: Final = "stepfunctions._SFN_WAIT_SCALE"


@contextmanager
def waiting_less(account: Account) -> Iterator[None]:
    """Let machines wait for less long meanwhile."""
    clock = f"{account.emulator.endpoint}/_ministack/config"
    httpx.post(clock, json={LENGTH_OF_WAITS: FASTER}).raise_for_status()
    try:
        yield
    finally:
        httpx.post(clock, json={LENGTH_OF_WAITS: 1}).raise_for_status()


class _Answering(Provider):
    """An engine that has one answer to everything."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.instead = reply

    def answer(self, asked: Asked) -> Reply:
        raise AssertionError(asked)

    def error(self, status: int, message: str) -> Reply:
        raise AssertionError(status, message)


@contextmanager
def laboratory(account: Account) -> Iterator[Lab]:
    """Let the steps of models' workflows call AWS where we can fail their calls."""
    make_bucket(account)
    put_weights(account, "tiny")
    with ExitStack() as stack:
        engines = {
            "well": stack.enter_context(running_engine()).url,
            "broken": _engine(stack, as_json({"error": {"message": "CUDA is out of memory"}}, 500)),
            "nonsense": _engine(stack, as_json({"hello": "world"})),
        }
        endpoint = stack.enter_context(FaultyEndpoint(account.emulator.endpoint))
        replicas = stack.enter_context(Replicas(account, engines["well"]).standing())
        model = Hosted(stack.enter_context(account.client("root")))
        lab = Lab(account, model, endpoint, replicas, engines)
        stack.enter_context(lab.configured({"AWS_ENDPOINT_URL": endpoint.url}))
        stack.enter_context(_impatient_machines(account))
        yield lab


def _engine(stack: ExitStack, reply: Reply) -> str:
    engine = _Answering(reply)
    stack.callback(engine.stop)
    return engine.url


@contextmanager
def _impatient_machines(account: Account) -> Iterator[None]:
    """Let the deployed machines wait for less long, and give up after fewer attempts."""
    with client_of(account, "stepfunctions") as states, waiting_less(account):
        machines = _definitions(states)
        for arn, definition in machines.items():
            states.update_state_machine(stateMachineArn=arn, definition=_impatient(definition))
        try:
            yield
        finally:
            for arn, definition in machines.items():
                states.update_state_machine(stateMachineArn=arn, definition=definition)


def _definitions(states: Any) -> dict[str, str]:
    return {
        each["stateMachineArn"]: states.describe_state_machine(
            stateMachineArn=each["stateMachineArn"]
        )["definition"]
        for each in states.list_state_machines()["stateMachines"]
        if each["name"].endswith(tuple(MODEL_WORKFLOWS))
    }


def _impatient(definition: str) -> str:
    machine = json.loads(definition)
    for state in machine["States"].values():
        for retrier in state.get("Retry", []):
            retrier["MaxAttempts"] = min(retrier["MaxAttempts"], PATIENCE)
    return json.dumps(machine)
