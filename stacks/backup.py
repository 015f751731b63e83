"""The stack of backups: a vault, and a daily copy of every table into it."""

from collections.abc import Sequence
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.tables import TABLES
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.encryption import key_arn, on_key
from stacks.constructs.parameters import look_up, publish
from stacks.constructs.statement import arn, may

VAULT: Final = "backup/vault"
AT_NIGHT: Final = "cron(0 3 * * ? *)"
MINUTES_TO_BEGIN, MINUTES_TO_END = 60, 480
DAYS_TO_RECONSIDER: Final = 3  # the least that AWS takes


class BackupStack(DeploymentStack):
    """Tables only: AWS Backup wants buckets versioned, and ours forget what a user deletes."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "backup", "copies of tables")
        self._key = key_arn(self, config)
        vault = self._vault(config)
        publish(self, config, VAULT, vault.ref)
        tables = [
            arn(self, "dynamodb", f"table/{look_up(self, config, f'table/{each.name}')}")
            for each in TABLES
            if config.has(each.of)
        ]
        selected = backup.CfnBackupSelection.BackupSelectionResourceTypeProperty(
            selection_name="tables", iam_role_arn=self._role(tables).role_arn, resources=tables
        )
        backup.CfnBackupSelection(
            self,
            "Tables",
            backup_plan_id=self._plan(config, vault).ref,
            backup_selection=selected,
        )

    def _vault(self, config: DeploymentConfig) -> backup.CfnBackupVault:
        """Make the vault; one that was kept by a former stack must not stand in its way."""
        stack_id = cdk.Fn.select(2, cdk.Fn.split("/", self.stack_id))
        keep = config.data == "retain"
        vault = backup.CfnBackupVault(
            self,
            "Vault",
            backup_vault_name=f"{config.full_name}-{cdk.Fn.select(0, cdk.Fn.split('-', stack_id))}",
            encryption_key_arn=self._key or None,
            access_policy=_nobody_removes(config) if keep else None,
            lock_configuration=_lock(config),
        )
        vault.apply_removal_policy(cdk.RemovalPolicy.RETAIN if keep else cdk.RemovalPolicy.DESTROY)
        return vault

    def _plan(self, config: DeploymentConfig, vault: backup.CfnBackupVault) -> backup.CfnBackupPlan:
        kept = backup.CfnBackupPlan.LifecycleResourceTypeProperty(
            delete_after_days=config.backup.keep_days
        )
        daily = backup.CfnBackupPlan.BackupRuleResourceTypeProperty(
            rule_name="daily",
            target_backup_vault=vault.ref,
            schedule_expression=AT_NIGHT,
            start_window_minutes=MINUTES_TO_BEGIN,
            completion_window_minutes=MINUTES_TO_END,
            lifecycle=kept,
        )
        wanted = backup.CfnBackupPlan.BackupPlanResourceTypeProperty(
            backup_plan_name=config.stack_name("daily"), backup_plan_rule=[daily]
        )
        return backup.CfnBackupPlan(self, "Plan", backup_plan=wanted)

    def _role(self, tables: Sequence[str]) -> iam.Role:
        """Return a role that copies these tables; AWS's own for it reaches all that can be copied.

        It holds of that policy what AWS lists for tables.
        """
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("backup.amazonaws.com"))
        begin = "DescribeTable CreateBackup StartAwsBackupJob ListTagsOfResource"
        role.add_to_policy(may("CopyTables", "dynamodb", begin, tables))
        copies = [f"{table}/backup/*" for table in tables]
        role.add_to_policy(may("Copies", "dynamodb", "DescribeBackup DeleteBackup", copies))
        for statement in on_key(self, self._key, {"dynamodb": True}):
            role.add_to_policy(statement)
        return role


def _nobody_removes(config: DeploymentConfig) -> dict[str, Any]:
    """Let copies go when their time has come, and before that by `backup.removers` alone."""
    denied: dict[str, Any] = {
        "Sid": "NobodyRemovesCopies",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
        "Resource": "*",  # in the policy of a vault: what lies in it
    }
    if removers := config.backup.removers:
        denied["Condition"] = {"ArnNotEquals": {"aws:PrincipalArn": list(removers)}}
    return {"Version": "2012-10-17", "Statement": [denied]}


def _lock(config: DeploymentConfig) -> backup.CfnBackupVault.LockConfigurationTypeProperty | None:
    if config.backup.lock == "off":
        return None
    return backup.CfnBackupVault.LockConfigurationTypeProperty(
        min_retention_days=config.backup.keep_days,
        changeable_for_days=DAYS_TO_RECONSIDER if config.backup.lock == "compliance" else None,
    )
