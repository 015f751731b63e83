"""Lists what is left of a deployment when its stacks are gone, each with how to remove it."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeAlias

from deployment.account import Account
from deployment.config.deployment import DeploymentConfig
from deployment.names import key_description, pool_name
from deployment.takedown.departure import Departure
from lisa.declared.model_stack import DEPLOYMENT_TAG
from lisa.declared.store_stack import short_names_of
from lisa.domain.errors import LisaError

AT_ONCE: Final = 8
DATA_KINDS: Final = frozenset({"table", "bucket", "user pool", "key", "backup vault"})
KEY: Final = "AWS::KMS::Key"
LOGS_OF_APIS: Final = "AmazonAPIGatewayPushToCloudWatchLogs"


@dataclass(frozen=True)
class Leftover:
    """Something that is still there; `expected` if the configuration keeps it, or AWS for now."""

    kind: str
    name: str
    command: str
    expected: bool


@dataclass(frozen=True)
class Unseen:
    """A kind of thing that couldn't be looked for, and why."""

    kind: str
    why: str


Found: TypeAlias = Iterator[Leftover]


@dataclass(frozen=True)
class Leftovers:
    """Looks for all that bears the name of a deployment."""

    account: Account
    config: DeploymentConfig

    def find(self, departure: Departure) -> tuple[list[Leftover], list[Unseen]]:
        """Return what is there, and what couldn't be looked for. `departure` is what went."""
        looks: Mapping[str, Callable[[], Found]] = {
            "stack": self._stacks,
            "table": self._tables,
            "bucket": self._buckets,
            "user pool": lambda: self._pools(departure),
            "log group": self._log_groups,
            "secret": self._secrets,
            "parameter": self._parameters,
            "snapshot": self._snapshots,
            "key": lambda: self._keys(departure),
            "backup vault": self._vaults,
            "role": self._roles,
            "marked resource": self._marked,
        }
        with ThreadPoolExecutor(AT_ONCE) as threads:
            told = [*threads.map(_looked, looks, looks.values())]
        found = [each for some, _ in told for each in some]
        return found, [unseen for _, unseen in told if unseen]

    @property
    def _begin(self) -> str:
        return f"{self.config.full_name}-"

    def _left(self, kind: str, name: str, command: str, *, ending: bool = False) -> Leftover:
        kept = self.config.data == "retain" and kind in DATA_KINDS
        return Leftover(kind, name, f"aws {command}{self._region()}", kept or ending)

    def _region(self) -> str:
        return f" --region {self.account.region}"

    def _stacks(self) -> Found:
        for each in self.account.every("cloudformation", "describe_stacks", "Stacks"):
            name, status = each["StackName"], each["StackStatus"]
            if name.startswith(self._begin) and status != "DELETE_COMPLETE":
                yield self._left("stack", name, f"cloudformation delete-stack --stack-name {name}")

    def _tables(self) -> Found:
        for name in self.account.every("dynamodb", "list_tables", "TableNames"):
            if name.startswith(self._begin):
                unprotect = f"dynamodb update-table --table-name {name} --no-deletion-protection"
                yield self._left(
                    "table",
                    name,
                    f"{unprotect}-enabled{self._region()} && aws dynamodb delete-table "
                    f"--table-name {name}",
                )

    def _buckets(self) -> Found:
        for each in self.account.ask("s3", "list_buckets")["Buckets"]:
            if each["Name"].startswith(self._begin):
                yield self._left("bucket", each["Name"], f"s3 rb --force s3://{each['Name']}")

    def _pools(self, departure: Departure) -> Found:
        """Find those that stayed, and any of that name: who made one before us gave it another."""
        ours = {each.name for each in departure.staying}
        name = pool_name(self.config.full_name)
        pools = self.account.every("cognito-idp", "list_user_pools", "UserPools", MaxResults=60)
        for each in pools:
            if each["Id"] in ours or each["Name"] == name:
                pool = f"--user-pool-id {each['Id']}"
                yield self._left(
                    "user pool",
                    each["Id"],
                    f"cognito-idp update-user-pool {pool} --deletion-protection INACTIVE"
                    f"{self._region()} && aws cognito-idp delete-user-pool {pool}",
                )

    def _log_groups(self) -> Found:
        for begin in (self._begin, f"/aws/lambda/{self._begin}", f"/aws/ecs/{self._begin}"):
            found = self.account.every(
                "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=begin
            )
            for each in found:
                name = shlex.quote(each["logGroupName"])
                yield self._left(
                    "log group",
                    each["logGroupName"],
                    f"logs delete-log-group --log-group-name {name}",
                )

    def _secrets(self) -> Found:
        named = [{"Key": "name", "Values": [self.config.secrets_prefix]}]
        found = self.account.every(
            "secretsmanager",
            "list_secrets",
            "SecretList",
            Filters=named,
            IncludePlannedDeletion=True,
        )
        for each in found:
            name = each["Name"]
            yield self._left(
                "secret",
                name,
                f"secretsmanager delete-secret --secret-id {shlex.quote(name)} "
                "--force-delete-without-recovery",
                ending="DeletedDate" in each,
            )

    def _parameters(self) -> Found:
        path = f"/{self.config.name}/{self.config.stage}"
        found = self.account.every(
            "ssm", "get_parameters_by_path", "Parameters", Path=path, Recursive=True
        )
        for each in found:
            name = each["Name"]
            yield self._left("parameter", name, f"ssm delete-parameter --name {name}")

    def _snapshots(self) -> Found:
        begin = short_names_of(self.config.full_name)
        found = self.account.every(
            "rds", "describe_db_snapshots", "DBSnapshots", SnapshotType="manual"
        )
        for each in found:
            name = each["DBSnapshotIdentifier"]
            if begin in name:
                yield self._left(
                    "snapshot",
                    name,
                    f"rds delete-db-snapshot --db-snapshot-identifier {name}",
                )

    def _keys(self, departure: Departure) -> Found:
        """Find those that stayed, and any that describes itself so."""
        stayed = {each.name for each in departure.staying if each.kind == KEY}
        description = key_description(self.config.full_name)
        for each in self.account.every("kms", "list_keys", "Keys"):
            told = self.account.ask("kms", "describe_key", KeyId=each["KeyId"])["KeyMetadata"]
            if each["KeyId"] in stayed or told.get("Description") == description:
                yield self._left(
                    "key",
                    each["KeyId"],
                    f"kms schedule-key-deletion --key-id {each['KeyId']}",
                    ending=told["KeyState"] == "PendingDeletion",
                )

    def _vaults(self) -> Found:
        for each in self.account.every("backup", "list_backup_vaults", "BackupVaultList"):
            name = each["BackupVaultName"]
            if name.startswith(self._begin):
                vault = f"--backup-vault-name {name}"
                remove = f"backup delete-backup-vault {vault}"
                if each.get("NumberOfRecoveryPoints"):
                    remove = f"{self._empty(vault)} && aws {remove}"
                yield self._left("backup vault", name, remove)

    def _empty(self, vault: str) -> str:
        """Return what removes all copies in a vault, as far as its lock lets."""
        points = "'RecoveryPoints[].[RecoveryPointArn]' --output text"
        return (
            f"backup list-recovery-points-by-backup-vault {vault} --query {points}{self._region()} "
            f"| xargs -rn1 aws backup delete-recovery-point {vault}{self._region()} "
            "--recovery-point-arn"
        )

    def _roles(self) -> Found:
        """Find roles. That of the API's logs is the region's: all APIs there write theirs by it."""
        logs = self.config.stack_name("api")
        for each in self.account.every("iam", "list_roles", "Roles"):
            name, partition = each["RoleName"], each["Arn"].split(":")[1]
            if name.startswith(self._begin):
                policy = f"arn:{partition}:iam::aws:policy/service-role/{LOGS_OF_APIS}"
                detach = f"iam detach-role-policy --role-name {name} --policy-arn {policy} && aws "
                lasting = name.startswith(f"{logs}-ApiCloudWatchRole")
                remove = f"{detach if lasting else ''}iam delete-role --role-name {name}"
                yield self._left("role", name, remove, ending=lasting)

    def _marked(self) -> Found:
        """Find what models and stores had, by their mark."""
        name = self.config.full_name
        found = self.account.every(
            "resourcegroupstaggingapi",
            "get_resources",
            "ResourceTagMappingList",
            TagFilters=[{"Key": DEPLOYMENT_TAG, "Values": [name]}],
        )
        for each in found:
            yield self._left(
                "marked resource",
                each["ResourceARN"],
                "resourcegroupstaggingapi get-resources --tag-filters "
                f"Key={DEPLOYMENT_TAG},Values={name}",
            )


def _looked(kind: str, look: Callable[[], Found]) -> tuple[list[Leftover], Unseen | None]:
    try:
        return [*look()], None
    except LisaError as error:
        return [], Unseen(kind, error.message)
