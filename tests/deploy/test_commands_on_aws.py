"""`lisa deploy` and `lisa destroy` as a platform team runs them, in an account that is empty.

One deployment has the gateway alone, another chats with it; AWS is emulated, the CDK isn't. Of
functions only those hold code that are asked something.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml  # type: ignore[import-untyped] # it has no types

from lisa.declared.model_stack import DEPLOYMENT_TAG, stacks_of
from lisa.declared.store_stack import StoreParameter, stores_of
from tests.deploy.owner import Ended, Owner
from tests.standins.aws_emulator.process import REGION, Emulator

pytestmark = pytest.mark.timeout(3600)  # whoever comes first deploys

GATEWAY = "https://inference.example.com"
COMMON: dict[str, Any] = {
    "stage": "test",
    "region": REGION,
    "data": "destroy",
    "log_days": 7,
    "observability": {"enabled": False},
}
SERVE: dict[str, Any] = {
    **COMMON,
    "name": "serve",
    "network": {"nat_gateways": 0},
    "serve": {
        "enabled": True,
        "callers": ["127.0.0.0/8"],
        "plain_http": "everything stays on loopback",
        "image": "lisa-serve:never-pulled",
    },
    "litellm": {"image": "lisa-litellm:never-pulled"},
    "identity": {"cognito": {"callback_urls": ["https://ours.example.com/"]}},
    "chat": {"enabled": False},
    "knowledge": {"enabled": False},
    "web": {"enabled": False},
}
CHAT: dict[str, Any] = {**COMMON, "name": "chat", "web": {"gateway": GATEWAY}}
TAKEN = "/chat/test/api/origin"
OF_LOGS = "ApiCloudWatchRole"


@dataclass(frozen=True)
class Serving:
    """How the first deployment came to be, was deployed again, and changed."""

    first: Ended
    again: Ended
    changed: Ended
    variables: str


@dataclass(frozen=True)
class Chatting:
    """How the second deployment came to be: cut off, then failed, then done."""

    cut: Ended
    failed: Ended
    done: Ended
    api: str
    answers: bool


@dataclass(frozen=True)
class Leaving:
    """How one was destroyed with what it had made, while the other answered, and then that."""

    running: list[str]
    serve: Ended
    chat_answers: bool
    chat: Ended
    left: dict[str, Any]


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    """Open an account."""
    folder = tmp_path_factory.mktemp("owner")
    with Emulator(folder / "account") as emulator:
        owner = Owner(emulator, folder)
        owner.bootstrap()
        yield owner
        emulator.kill()


@pytest.fixture(scope="module")
def files(owner: Owner) -> dict[str, str]:
    """Write both configurations."""
    bundles = str(owner.bundles())
    written = {}
    for config in (SERVE, CHAT):
        file = Path(owner.folder, f"{config['name']}.yaml")
        file.write_text(yaml.safe_dump({**config, "artifacts": {"bundles": bundles}}))
        written[config["name"]] = str(file)
    return written


@pytest.fixture(scope="module")
def serving(owner: Owner, files: dict[str, str]) -> Serving:
    """Deploy the gateway alone; then the same, then another."""
    file, stacks = files["serve"], owner.client("cloudformation")
    first = owner.lisa("deploy", file, "--yes")
    again = owner.lisa("deploy", file, "--yes")
    changed = owner.lisa("deploy", file, "--yes", "-c", "serve.wake_most=9")
    told = stacks.get_template(StackName="serve-test-serve")
    return Serving(first, again, changed, json.dumps(told["TemplateBody"]))


@pytest.fixture(scope="module")
def chatting(owner: Owner, files: dict[str, str]) -> Chatting:
    """Deploy the other: Ctrl-C at first, then a name that is taken, then well."""
    file, parameters = files["chat"], owner.client("ssm")
    cut = owner.interrupted("deploy", file, "--yes", after="✅")
    parameters.put_parameter(Name=TAKEN, Value="somebody's", Type="String")
    failed = owner.lisa("deploy", file, "--yes")
    parameters.delete_parameter(Name=TAKEN)
    done = owner.lisa("deploy", file, "--yes", "--json")
    assert done.code == 0, done.said
    api = owner.here(done.document["outputs"]["Url"])
    return Chatting(cut, failed, done, api, answers(api))


@pytest.fixture(scope="module")
def leaving(owner: Owner, files: dict[str, str], serving: Serving, chatting: Chatting) -> Leaving:
    """Destroy the first, with a model and a store that it seems to have made; then the other."""
    assert serving.first.code == 0, serving.first.said
    running = [stacks_of("serve-test") + "tiny", stores_of("serve-test") + "1"]
    for name in running:
        add_running(owner, name)
    serve = owner.lisa("destroy", files["serve"], "--yes", "--json")
    still = answers(chatting.api)
    chat = owner.lisa("destroy", files["chat"], "--yes", "--json")
    return Leaving(running, serve, still, chat, left_in(owner))


def answers(api: str) -> bool:
    """Ask pages where the gateway is, and the API as a stranger."""
    pages = httpx.get(f"{api}/ui/config.json", timeout=60)
    stranger = httpx.get(f"{api}/sessions", timeout=60)
    told = json.loads(pages.content) if pages.status_code == 200 else {}
    return (told.get("gateway"), stranger.status_code) == (f"{GATEWAY}/v1", 401)


def test_an_empty_account_becomes_an_address(serving: Serving) -> None:
    first = serving.first
    assert first.code == 0, first.said
    assert "serve-test-data: new, with " in first.said
    assert first.out.startswith("serve-test is deployed\nAPI    https://")
    assert "\nmodels serve-test-serve-" in first.out
    assert "--name /serve/test/identity/pool" in first.out


def test_the_same_again_says_that_nothing_changes_and_changes_nothing(serving: Serving) -> None:
    again = serving.again
    assert (again.code, again.out) == (0, serving.first.out), again.said
    assert "nothing changes: every stack is as its template says" in again.said
    assert again.said.count("(no changes)") == again.said.count("✅") > 5


def test_a_change_is_shown_before_it_is_made(serving: Serving) -> None:
    assert serving.changed.code == 0, serving.changed.said
    shown = serving.changed.said.partition("billed for being there")[0]
    [stack] = [line for line in shown.splitlines() if line.endswith(" changes")]
    assert stack == "serve-test-serve: 1 changes"
    assert "(ECS::TaskDefinition): ContainerDefinitions" in shown
    assert '{"Name": "LISA_SERVE_WAKE_MOST", "Value": "9"}' in serving.variables


def test_ctrl_c_says_how_it_goes_on(chatting: Chatting) -> None:
    assert chatting.cut.code == 130, chatting.cut.said
    assert "no longer watched; AWS finishes the stacks it has begun" in chatting.cut.said
    assert "StackName,'chat-test-')" in chatting.cut.said


def test_a_stack_that_fails_is_told_with_what_failed_in_it(chatting: Chatting) -> None:
    said = chatting.failed.said
    assert chatting.failed.code == 1, said
    assert "the deployment failed; what was done before stays" in said
    named = [line for line in said.splitlines() if line.startswith("chat-test-api/")]
    assert any("(AWS::SSM::Parameter" in line for line in named)


def test_and_then_the_same_command_goes_on_to_the_end(chatting: Chatting) -> None:
    assert chatting.done.code == 0
    assert chatting.answers


def test_of_one_deployment_nothing_is_left_while_the_other_still_answers(leaving: Leaving) -> None:
    assert leaving.serve.code == 0, leaving.serve.said
    assert leaving.serve.document["running"] == leaving.running
    assert leaving.serve.document["unseen"] == []
    assert what_is_left(leaving.serve) == [("role", True)]
    assert leaving.chat_answers


def test_after_the_last_one_the_account_is_as_empty_as_before(leaving: Leaving) -> None:
    assert leaving.chat.code == 0, leaving.chat.said
    assert what_is_left(leaving.chat) == [("role", True)]
    assert leaving.left == LEFT


def what_is_left(gone: Ended) -> list[tuple[str, bool]]:
    """Return it as the command lists it; but for the role of API logs nothing should be."""
    assert all(OF_LOGS in each["name"] for each in gone.document["left"])
    return [(each["kind"], each["expected"]) for each in gone.document["left"]]


def add_running(owner: Owner, name: str) -> None:
    """Make a stack as a model or a store has one: marked, and a store's protected."""
    client = owner.client("cloudformation")
    keep = StoreParameter.KEEP.value
    logs = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}
    template = {"Parameters": {keep: {"Type": "String"}}, "Resources": {"Logs": logs}}
    client.create_stack(
        StackName=name,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": keep, "ParameterValue": "true"}],
        Tags=[{"Key": DEPLOYMENT_TAG, "Value": "serve-test"}],
        EnableTerminationProtection="store" in name,
    )
    client.get_waiter("stack_create_complete").wait(StackName=name)


# The CDK's own, and two roles that write logs of all APIs there.
LEFT = {
    "stacks": ["CDKToolkit"],
    "tables": [],
    "functions": [],
    "parameters": ["/cdk-bootstrap/hnb659fds/version"],
    "logs": [],
    "secrets": [],
    "pools": [],
    "machines": [],
    "roles": 2,
    "buckets": 1,
}


def left_in(owner: Owner) -> dict[str, Any]:
    """Ask the account itself, not the command."""
    ask = owner.client
    roles = ask("iam").list_roles()["Roles"]
    return {
        "stacks": names_in(ask("cloudformation").describe_stacks()["Stacks"], "StackName"),
        "tables": ask("dynamodb").list_tables()["TableNames"],
        "functions": names_in(ask("lambda").list_functions()["Functions"], "FunctionName"),
        "parameters": names_in(
            ask("ssm").get_parameters_by_path(Path="/", Recursive=True)["Parameters"], "Name"
        ),
        "logs": names_in(ask("logs").describe_log_groups()["logGroups"], "logGroupName"),
        "secrets": names_in(ask("secretsmanager").list_secrets()["SecretList"], "Name"),
        "pools": names_in(ask("cognito-idp").list_user_pools(MaxResults=60)["UserPools"], "Name"),
        "machines": names_in(ask("stepfunctions").list_state_machines()["stateMachines"], "name"),
        "roles": len([each for each in roles if not each["RoleName"].startswith("cdk-")]),
        "buckets": len(ask("s3").list_buckets()["Buckets"]),
    }


def names_in(found: list[dict[str, Any]], key: str) -> list[str]:
    return sorted(each[key] for each in found)
