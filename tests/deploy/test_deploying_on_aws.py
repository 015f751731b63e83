"""The commands of a deployment, told of one that is there: a plan, and what would go."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.conftest import Account, Deployed
from tests.standins.aws_emulator.deployment import CONFIG
from tests.standins.aws_emulator.process import ROOT

SECONDS = 60


@pytest.fixture
def assembly(account: Account, deployed: Deployed, tmp_path: Path) -> Path:
    """Return what was synthesised, with the address that this copy of the account has."""
    ours, its = f":{deployed.port}", f":{account.emulator.port}"
    for file in Path(deployed.folder, "..", "templates").iterdir():
        (tmp_path / file.name).write_text(file.read_text().replace(ours, its))
    return tmp_path


def said(account: Account, *arguments: str) -> Any:
    """Run `lisa` with the rights of the account's owner, and return its document."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments, "--json"],
        cwd=ROOT,
        env={**ours, **account.emulator.credentials},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_was_just_deployed_would_change_nothing(account: Account, assembly: Path) -> None:
    told = said(account, "deploy", str(CONFIG), "--app", str(assembly), "--plan-only")
    changed = {each["name"]: each["changes"] for each in told["stacks"] if each["changes"]}
    assert (changed, told["changes"], told["outside"]) == ({}, False, [])
    assert len(told["stacks"]) > 10
    assert told["unknown_types"] == []


def test_a_table_that_would_be_another_is_named(account: Account, assembly: Path) -> None:
    file = assembly / "lisa-emulator-data.template.json"
    template = json.loads(file.read_text())
    table = next(name for name in template["Resources"] if name.startswith("Tablesessions"))
    keys = template["Resources"][table]["Properties"]["KeySchema"]
    keys[0]["AttributeName"] = "other"
    file.write_text(json.dumps(template))
    told = said(account, "deploy", str(CONFIG), "--app", str(assembly), "--plan-only")
    assert told["endangers_data"] == [f"lisa-emulator-data/{table}"]


def test_what_would_go_is_all_that_was_deployed(account: Account, assembly: Path) -> None:
    told = said(account, "destroy", str(CONFIG), "--plan-only")
    names = [file.name.split(".")[0] for file in assembly.glob("*.template.json")]
    assert sorted(told["stacks"]) == sorted(names)
    # Its data goes; by the role of the account every API there writes its log, those of others too.
    stays = {(each["stack"], each["type"]) for each in told["stays"]}
    api = "lisa-emulator-api"
    assert stays == {(api, "AWS::ApiGateway::Account"), (api, "AWS::IAM::Role")}
