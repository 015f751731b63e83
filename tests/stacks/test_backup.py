"""Copies of tables: which, for how long, who makes them and who may remove them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from deployment.config.watching import BackupConfig
from lisa.declared.tables import TABLES
from stacks.backup import BackupStack
from tests.stacks.conftest import WITH_INFERENCE
from tests.stacks.resources import listed, of_type, statements_of, text
from tests.stacks.test_functions import HERE, parameter_for

REMOVER = "arn:aws:iam::123456789012:role/backup-officers"
BY_ALL = [
    f"arn:${{AWS::Partition}}:dynamodb:{HERE}:table/${{{parameter_for('Table', each.name)}}}"
    for each in TABLES
]


def with_backup(**chosen: Any) -> DeploymentConfig:
    config = read_config(WITH_INFERENCE)
    return config.model_copy(update={"backup": BackupConfig(enabled=True, **chosen)})


def template_of(config: DeploymentConfig, folder: Path) -> Mapping[str, Any]:
    """Synthesise this stack alone: it meets others by parameters only."""
    app = cdk.App(
        outdir=str(folder), analytics_reporting=False, builtin_cloud_formation_validation=False
    )
    BackupStack(app, config)
    app.synth()
    return dict(json.loads((folder / "lisa-dev-backup.template.json").read_text()))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    return template_of(with_backup(), tmp_path_factory.mktemp("usual"))


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Synthesise with a lock for good, a role that may remove copies, and a key of our own."""
    config = with_backup(lock="compliance", removers=(REMOVER,), keep_days=90)
    key = config.encryption.model_copy(update={"key": "make"})
    changed = config.model_copy(update={"encryption": key})
    return template_of(changed, tmp_path_factory.mktemp("otherwise"))


def only(template: Mapping[str, Any], kind: str) -> dict[str, Any]:
    [found] = of_type(template, f"AWS::Backup::{kind}").values()
    return dict(found)


def test_every_table_is_copied_each_night_and_nothing_else(kept: Mapping[str, Any]) -> None:
    selection = only(kept, "BackupSelection")["Properties"]["BackupSelection"]
    [rule] = only(kept, "BackupPlan")["Properties"]["BackupPlan"]["BackupPlanRule"]

    assert sorted(map(text, selection["Resources"])) == sorted(BY_ALL)
    assert rule["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert rule["Lifecycle"] == {"DeleteAfterDays": 35}
    assert text(rule["TargetBackupVault"]) == "${Vault}"


def test_the_role_may_copy_these_tables_and_look_after_the_copies(kept: Mapping[str, Any]) -> None:
    role = only(kept, "BackupSelection")["Properties"]["BackupSelection"]["IamRoleArn"]
    allowed = {
        action: sorted(map(text, listed(statement["Resource"])))
        for statement in statements_of(kept, role["Fn::GetAtt"][0])
        for action in listed(statement["Action"])
    }

    tables = ("DescribeTable", "CreateBackup", "StartAwsBackupJob", "ListTagsOfResource")
    copies = sorted(f"{table}/backup/*" for table in BY_ALL)
    assert allowed == {
        **{f"dynamodb:{action}": sorted(BY_ALL) for action in tables},
        "dynamodb:DescribeBackup": copies,
        "dynamodb:DeleteBackup": copies,
    }


def test_nobody_removes_a_copy_before_its_time_but_whom_the_configuration_names(
    kept: Mapping[str, Any], otherwise: Mapping[str, Any]
) -> None:
    [statement] = only(kept, "BackupVault")["Properties"]["AccessPolicy"]["Statement"]
    [excepted] = only(otherwise, "BackupVault")["Properties"]["AccessPolicy"]["Statement"]

    assert statement["Effect"] == "Deny"
    assert statement["Principal"] == {"AWS": "*"}
    assert "backup:DeleteRecoveryPoint" in statement["Action"]
    assert "Condition" not in statement
    assert excepted["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [REMOVER]}}


def test_a_vault_is_locked_and_encrypted_where_that_is_wanted(
    kept: Mapping[str, Any], otherwise: Mapping[str, Any]
) -> None:
    usual, locked = (only(each, "BackupVault")["Properties"] for each in (kept, otherwise))
    role = only(otherwise, "BackupSelection")["Properties"]["BackupSelection"]["IamRoleArn"]
    by_key = {
        action: text(statement["Resource"])
        for statement in statements_of(otherwise, role["Fn::GetAtt"][0])
        for action in listed(statement["Action"])
        if action.startswith("kms:")
    }

    assert not {"LockConfiguration", "EncryptionKeyArn"} & set(usual)
    assert locked["LockConfiguration"] == {"MinRetentionDays": 90, "ChangeableForDays": 3}
    assert text(locked["EncryptionKeyArn"]) == "${EncryptionKey}"
    assert by_key == {"kms:Decrypt": "${EncryptionKey}", "kms:GenerateDataKey": "${EncryptionKey}"}


def test_a_vault_stays_as_tables_do(kept: Mapping[str, Any], tmp_path: Path) -> None:
    gone = template_of(with_backup().model_copy(update={"data": "destroy"}), tmp_path)
    vault = only(gone, "BackupVault")

    assert only(kept, "BackupVault")["DeletionPolicy"] == "Retain"
    assert vault["DeletionPolicy"] == "Delete"
    assert "AccessPolicy" not in vault["Properties"]
    assert text(vault["Properties"]["BackupVaultName"]["Fn::Join"][1][0]) == "lisa-dev-"
