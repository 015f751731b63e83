"""A vault that goes with its deployment: emptied before, or it is told why it stays."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deployment.account import Account
from deployment.takedown.clearing import Clearing
from deployment.takedown.departure import VAULT, Departure, Resource
from deployment.takedown.leftovers import Leftovers
from deployment.takedown.vault import Vault
from tests.contract.deploying.account import REGION, made
from tests.contract.deploying.deployed import NOTHING_LEFT
from tests.standins.aws_replies.server import AwsReplies
from tests.standins.aws_replies.wire import Call, Refusal

NAME = "lisa-dev-1"
LOCKED = "Backup vault is locked and recovery point can't be deleted"
OF = f"arn:aws:backup:{REGION}:1:recovery-point"


class Copies:
    """Copies in the vault; some are locked, others go once they were looked at again."""

    def __init__(self, *names: str, locked: tuple[str, ...] = ()) -> None:
        self.there = {f"{OF}:{each}": "COMPLETED" for each in names}
        self.locked = {f"{OF}:{each}" for each in locked}

    def listed(self, call: Call) -> Any:
        assert call.operation
        told = [
            {"RecoveryPointArn": arn, "Status": status, "CreationDate": datetime.now(UTC)}
            for arn, status in self.there.items()
        ]
        self.there = {arn: each for arn, each in self.there.items() if each != "DELETING"}
        return {"RecoveryPoints": told}

    def delete(self, call: Call) -> Any:
        arn = next(each for each in self.there if each in f"{call.given}")
        if arn in self.locked:
            return Refusal("InvalidRequestException", LOCKED)
        self.there[arn] = "DELETING"
        return {}


def filled(aws: AwsReplies, copies: Copies) -> Copies:
    aws.replies["backup:ListRecoveryPointsByBackupVault"] = copies.listed
    aws.replies["backup:DeleteRecoveryPoint"] = copies.delete
    return copies


def test_every_copy_goes_before_its_vault_does(aws: AwsReplies, account: Account) -> None:
    copies, told = filled(aws, Copies("a", "b")), list[str]()
    Vault(account, NAME, told.append, 0).empty()
    assert (copies.there, told) == ({}, [f"removed 2 copies of {NAME}"])


def test_what_a_lock_keeps_is_told_with_what_helps_and_holds_up_nothing(
    aws: AwsReplies, account: Account
) -> None:
    copies, told = filled(aws, Copies("a", "b", locked=("b",))), list[str]()
    Vault(account, NAME, told.append, 0).empty()
    assert set(copies.there) == {f"{OF}:b"}
    assert told[0] == f"removed 1 copies of {NAME}"
    assert told[1].startswith(f"1 copies stay in {NAME}, and it with them: ")
    assert LOCKED in told[1]
    assert "delete-backup-vault-lock-configuration" in told[1]


def test_who_may_not_look_into_it_is_told_so(aws: AwsReplies, account: Account) -> None:
    aws.replies["backup:ListRecoveryPointsByBackupVault"] = Refusal("AccessDenied", "no", 403)
    told = list[str]()
    Vault(account, NAME, told.append, 0).empty()
    (said,) = told
    assert said.startswith(f"copies in {NAME} stay, and it with them: ")


@pytest.mark.parametrize(("stays", "left"), [(False, 0), (True, 1)])
def test_only_a_vault_that_goes_is_emptied(
    aws: AwsReplies, account: Account, *, stays: bool, left: int
) -> None:
    copies = filled(aws, Copies("a"))
    vault = Resource("lisa-dev-backup", VAULT, NAME, stays)
    Clearing(account, lambda _: None).clear(Departure([], [], [vault], []))
    assert sum(each == "COMPLETED" for each in copies.there.values()) == left


def test_a_vault_that_is_left_with_copies_is_named_with_what_removes_both(
    aws: AwsReplies, account: Account
) -> None:
    vault = {"BackupVaultName": NAME, "NumberOfRecoveryPoints": 3}
    aws.replies |= {**NOTHING_LEFT, "backup:ListBackupVaults": {"BackupVaultList": [vault]}}
    (found,), unseen = Leftovers(account, made()).find(Departure([], [], [], []))
    steps = found.command.split(" && ")
    assert unseen == []
    assert "list-recovery-points-by-backup-vault" in steps[0]
    assert f"delete-recovery-point --backup-vault-name {NAME} --region {REGION}" in steps[0]
    assert (
        steps[1] == f"aws backup delete-backup-vault --backup-vault-name {NAME} --region {REGION}"
    )
