"""The template of a workflow that deploys from GitHub, and of the roles it takes."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped] # it has no types

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "operations" / "github-actions"
ASKED = re.compile(r'"([a-z0-9-]+)",\s+"((?:describe|get|head|list|simulate)_[a-z_]+)"')
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
# Where an action isn't called as the operation that it allows; `None` needs no right.
ACTIONS = {
    "apigateway:GetAccount": "apigateway:GET",
    "apigateway:GetRestApis": "apigateway:GET",
    "s3:HeadBucket": "s3:ListBucket",
    "sts:GetCallerIdentity": None,
}
SIGNED_AS = {"service-quotas": "servicequotas"}


@cache
def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text())


def test_no_key_is_stored_anywhere() -> None:
    text = (FOLDER / "deploy.yml").read_text()
    assert "secrets." not in text
    assert "access-key" not in text.lower()


def test_what_others_wrote_is_named_by_its_commit_with_its_version() -> None:
    named = re.findall(r"uses: (.*)", (FOLDER / "deploy.yml").read_text())
    assert len(named) == 8
    assert [each for each in named if not PINNED.fullmatch(each)] == []


def test_each_job_takes_a_role_by_a_token_of_its_own() -> None:
    workflow = read("deploy.yml")
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read", "id-token": "write"}
        (sign_in,) = [each for each in job["steps"] if "credentials" in each.get("uses", "")]
        given = dict(sign_in["with"])
        given.pop("role-duration-seconds", None)
        assert set(given) == {"aws-region", "role-to-assume"}
        assert all(each.startswith("${{ vars.") for each in given.values())


def test_pull_requests_are_planned_and_only_reviewed_pushes_to_main_are_deployed() -> None:
    workflow = read("deploy.yml")
    assert set(workflow[True]) == {"pull_request", "push"}  # YAML reads `on` as true
    assert workflow[True]["push"] == {"branches": ["main"]}
    plan, deploy = workflow["jobs"]["plan"], workflow["jobs"]["deploy"]
    assert "pull_request" in plan["if"]
    assert "fork" in plan["if"]
    assert (deploy["if"], deploy["environment"]) == ("github.event_name == 'push'", "production")
    assert "--plan-only" in plan["steps"][-1]["run"]
    assert "--yes" not in repr(plan)
    assert deploy["steps"][-1]["run"].endswith("--yes")


def test_no_text_of_others_is_put_into_a_script() -> None:
    for job in read("deploy.yml")["jobs"].values():
        assert not any("${{" in each.get("run", "") for each in job["steps"])


def test_each_role_trusts_one_repository_and_one_way_in() -> None:
    roles = read("roles.yaml")["Resources"]
    subjects = {
        name: roles[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"][
            "StringEquals"
        ]
        for name in ("PlanRole", "DeployRole")
    }
    key = "token.actions.githubusercontent.com:sub"
    assert subjects["PlanRole"][key] == {"Fn::Sub": "repo:${Repository}:pull_request"}
    assert subjects["DeployRole"][key] == {
        "Fn::Sub": "repo:${Repository}:environment:${Environment}"
    }
    audience = "token.actions.githubusercontent.com:aud"
    assert {each[audience] for each in subjects.values()} == {"sts.amazonaws.com"}


def test_who_plans_may_look_at_all_that_is_asked_and_at_nothing_else() -> None:
    files = [
        *(ROOT / "deployment" / "preflight").glob("*.py"),
        *(ROOT / "deployment" / "plan").glob("*.py"),
        ROOT / "deployment" / "account.py",
    ]
    asked = {pair for file in files for pair in ASKED.findall(file.read_text())}
    wanted = {action for pair in asked if (action := _action(*pair))}
    wanted.add("cloudformation:ListStackResources")  # for `lisa destroy --plan-only`
    statements = read("roles.yaml")["Resources"]["Look"]["Properties"]["PolicyDocument"]
    allowed = {action for each in statements["Statement"] for action in each["Action"]}
    assert wanted == allowed


def _action(service: str, operation: str) -> str | None:
    name = "".join(word.capitalize() for word in operation.split("_"))
    called = f"{service}:{name.replace('Aws', 'AWS')}"
    if called in ACTIONS:
        return ACTIONS[called]
    return f"{SIGNED_AS.get(service, service)}:{name.replace('Aws', 'AWS')}"
