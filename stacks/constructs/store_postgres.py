"""Postgres with pgvector: on a machine of RDS, or as a cluster of Aurora that grows by itself."""

from typing import Any, Final

import aws_cdk as cdk

from lisa.declared.store_stack import StoreParameter
from stacks.constructs.model_parameters import Intrinsic
from stacks.constructs.model_resource import add, of, sub
from stacks.constructs.store_parameters import our_key, when
from stacks.constructs.store_ways import add_group

PORT: Final = 5432
FAMILY: Final = 17
DATABASE: Final = "lisa"
ASKS: Final = (
    StoreParameter.NAME,
    StoreParameter.VPC,
    StoreParameter.SUBNETS,
    StoreParameter.CALLERS_GROUP,
    StoreParameter.LOGIN,
    StoreParameter.KEEP,
    StoreParameter.KEY,
)
NAME: Final[Intrinsic] = {"Ref": StoreParameter.NAME.value}
HAS_STANDBY: Final = "HasStandby"


def add_rds(stack: cdk.Stack) -> Intrinsic:
    """Add a machine, and return where it answers."""
    _add_around(stack)
    rules = {**_rules(f"postgres{FAMILY}"), "DBParameterGroupName": NAME}
    add(stack, "Rules", "AWS::RDS::DBParameterGroup", rules)
    add(
        stack,
        "Database",
        "AWS::RDS::DBInstance",
        {
            **_login(),
            **_kept(),
            "DBInstanceIdentifier": NAME,
            "Engine": "postgres",
            "EngineVersion": {"Ref": "Version"},
            "DBInstanceClass": {"Ref": "Instance"},
            "DBName": DATABASE,
            "DBParameterGroupName": {"Ref": "Rules"},
            "VPCSecurityGroups": [of("Group", "GroupId")],
            "AllocatedStorage": {"Ref": "StorageGb"},
            "StorageType": "gp3",
            "MultiAZ": {"Ref": "Standby"},
            "PubliclyAccessible": False,
            "DeleteAutomatedBackups": True,
            "AutoMinorVersionUpgrade": True,
        },
    )
    _goes_with_us(stack, "Database")
    return sub(f"${{Database.Endpoint.Address}}:${{Database.Endpoint.Port}}/{DATABASE}")


def add_aurora(stack: cdk.Stack) -> Intrinsic:
    """Add a cluster, and return where it answers."""
    _add_around(stack)
    when(stack, HAS_STANDBY, "Standby", "true")
    rules = {**_rules(f"aurora-postgresql{FAMILY}"), "DBClusterParameterGroupName": NAME}
    add(stack, "Rules", "AWS::RDS::DBClusterParameterGroup", rules)
    add(
        stack,
        "Cluster",
        "AWS::RDS::DBCluster",
        {
            **_login(),
            **_kept(),
            "DBClusterIdentifier": NAME,
            "Engine": "aurora-postgresql",
            "EngineVersion": {"Ref": "Version"},
            "DatabaseName": DATABASE,
            "DBClusterParameterGroupName": {"Ref": "Rules"},
            "VpcSecurityGroupIds": [of("Group", "GroupId")],
            "ServerlessV2ScalingConfiguration": {
                "MinCapacity": {"Ref": "LeastCapacity"},
                "MaxCapacity": {"Ref": "MostCapacity"},
            },
        },
    )
    _goes_with_us(stack, "Cluster")
    instance: dict[str, Any] = {
        "Engine": "aurora-postgresql",
        "DBClusterIdentifier": {"Ref": "Cluster"},
        "DBInstanceClass": "db.serverless",
        "PubliclyAccessible": False,
        "AutoMinorVersionUpgrade": True,
    }
    writer = {**instance, "DBInstanceIdentifier": sub("${Name}-1")}
    reader = {**instance, "DBInstanceIdentifier": sub("${Name}-2")}
    add(stack, "Writer", "AWS::RDS::DBInstance", writer)
    add(stack, "Reader", "AWS::RDS::DBInstance", reader, HAS_STANDBY, after=("Writer",))
    return sub(f"${{Cluster.Endpoint.Address}}:${{Cluster.Endpoint.Port}}/{DATABASE}")


def _add_around(stack: cdk.Stack) -> None:
    add_group(stack, PORT, "A database of passages")
    add(
        stack,
        "Places",
        "AWS::RDS::DBSubnetGroup",
        {
            "DBSubnetGroupName": NAME,
            "DBSubnetGroupDescription": "Private subnets",
            "SubnetIds": {"Ref": "Subnets"},
        },
    )
    add(
        stack,
        "Secret",
        "AWS::SecretsManager::Secret",
        {
            "Name": {"Ref": "Login"},
            "Description": "A login of LISA for a store of passages",
            "KmsKeyId": our_key(),
            "GenerateSecretString": {
                "SecretStringTemplate": f'{{"username":"{DATABASE}"}}',
                "GenerateStringKey": "password",
                "PasswordLength": 40,
                "ExcludePunctuation": True,
            },
        },
    )


def _login() -> dict[str, Any]:
    password = sub("{{resolve:secretsmanager:${Secret}:SecretString:password}}")
    return {
        "MasterUsername": DATABASE,
        "MasterUserPassword": password,
        "DBSubnetGroupName": {"Ref": "Places"},
    }


def _kept() -> dict[str, Any]:
    return {
        "StorageEncrypted": True,
        "KmsKeyId": our_key(),
        "BackupRetentionPeriod": {"Ref": "BackupDays"},
        "CopyTagsToSnapshot": True,
        "DeletionProtection": {"Ref": "Keep"},
    }


def _rules(family: str) -> dict[str, Any]:
    return {"Family": family, "Description": "TLS only", "Parameters": {"rds.force_ssl": "1"}}


def _goes_with_us(stack: cdk.Stack, name: str) -> None:
    """Leave nothing where we delete it, and all where CloudFormation would replace it."""
    made = stack.node.find_child(name)
    if isinstance(made, cdk.CfnResource):
        made.add_override("DeletionPolicy", "Delete")
        made.add_override("UpdateReplacePolicy", "Retain")
