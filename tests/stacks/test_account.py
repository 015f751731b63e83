"""What a deployment takes from its account: roles, boundaries, how it was made ready."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from deployment.config.account import BootstrapConfig, IamConfig
from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import INGEST, SESSIONS_DOOR, WORKFLOWS
from lisa.declared.model_stack import Parameter
from tests.stacks.complete import complete
from tests.stacks.conftest import templates_in
from tests.stacks.model_permissions import site_of
from tests.stacks.resources import function_of, listed, of_type, statements_of

ACCOUNT = "123456789012"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/team/at-most"
SESSIONS_ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/lisa-sessions"
INGEST_ROLE = f"arn:aws:iam::{ACCOUNT}:role/lisa-ingest"
IN_TEMPLATE = {
    "Fn::Join": [
        "",
        ["arn:", {"Ref": "AWS::Partition"}, f":iam::{ACCOUNT}:role/team/lisa-sessions"],
    ]
}


@pytest.fixture(scope="session")
def strict_account(assemble: Callable[[DeploymentConfig], Path]) -> Path:
    """Return a deployment into an account where much is there already."""
    chosen = {
        "account": ACCOUNT,
        "region": "eu-central-1",
        "bootstrap": BootstrapConfig(qualifier="team1"),
        "iam": IamConfig(
            permissions_boundary=BOUNDARY,
            roles={"sessions": SESSIONS_ROLE, "ingest": INGEST_ROLE},
        ),
    }
    return assemble(complete().model_copy(update=chosen))


@pytest.fixture(scope="session")
def given(strict_account: Path) -> Mapping[str, Any]:
    return templates_in(strict_account)


def test_every_role_has_the_boundary_those_of_the_cdk_itself_included(
    given: Mapping[str, Any],
) -> None:
    roles = [role for each in given.values() for role in of_type(each, "AWS::IAM::Role").values()]

    assert roles
    assert all(role["Properties"]["PermissionsBoundary"] == BOUNDARY for role in roles)


def test_roles_of_models_get_that_boundary_in_place_of_ours(given: Mapping[str, Any]) -> None:
    maker = [
        statement
        for name in of_type(given["lifecycle"], "AWS::IAM::Role")
        for statement in statements_of(given["lifecycle"], name)
        if statement.get("Sid") == "MakeRoles"
    ]

    assert site_of(given, WORKFLOWS)[Parameter.BOUNDARY.value.lower()] == BOUNDARY
    assert [each["Condition"] for each in maker] == [
        {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
    ]
    assert not [name for name in given["lifecycle"]["Resources"] if name.startswith("Boundary")]


def test_a_role_that_is_there_is_taken_on_and_nothing_attached(given: Mapping[str, Any]) -> None:
    _, function = function_of(given, SESSIONS_DOOR)
    [task] = of_type(given["ingest"], "AWS::ECS::TaskDefinition").values()
    _, reading = function_of(given, INGEST)

    assert function["Role"] == IN_TEMPLATE
    assert reading["Role"] == task["Properties"]["TaskRoleArn"]
    for part, role in (("sessions", "lisa-sessions"), ("ingest", "lisa-ingest")):
        policies = json.dumps(list(of_type(given[part], "AWS::IAM::Policy").values()))
        assert role not in policies


def test_what_a_role_that_is_there_must_be_allowed_is_written_beside_the_templates(
    strict_account: Path,
) -> None:
    report = json.loads((strict_account / "iam-policy-report.json").read_text())
    needed = {each["roleConstructPath"]: each for each in report["roles"]}
    actions = {
        action
        for statement in needed["lisa-dev-sessions/Door-sessions/Role/Role"][
            "identityPolicyStatements"
        ]
        for action in listed(statement["Action"])
    }

    assert set(needed) == {
        "lisa-dev-sessions/Door-sessions/Role/Role",
        "lisa-dev-ingest/Door-ingest/Role/Role",
        "lisa-dev-ingest/Service-ingest/Role/Role",
    }
    assert {"dynamodb:PutItem", "s3:PutObject", "kms:Decrypt", "logs:PutLogEvents"} <= actions


def test_a_role_for_something_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValidationError, match="nothing is called colour; there are admin, "):
        IamConfig(roles={"colour": SESSIONS_ROLE})


def test_the_qualifier_names_what_the_account_was_made_ready_with(strict_account: Path) -> None:
    written = "".join(file.read_text() for file in strict_account.glob("*.template.json"))
    manifest = json.loads((strict_account / "manifest.json").read_text())
    environments = {
        each["environment"]
        for each in manifest["artifacts"].values()
        if each["type"] == "aws:cloudformation:stack"
    }

    assert "/cdk-bootstrap/team1/version" in written
    assert "hnb659fds" not in written
    assert environments == {f"aws://{ACCOUNT}/eu-central-1"}
