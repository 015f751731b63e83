"""Two stacks that are deployed until somebody deletes them, as AWS would tell of them."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.contract.deploying.account import NUMBER, REGION
from tests.standins.aws_replies.wire import Call, Refusal

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MARK = [{"Key": "lisa:deployment", "Value": "lisa-dev"}]
BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:{NUMBER}:loadbalancer/app/lisa/1"
KEPT = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain"}
TEMPLATES: dict[str, Any] = {
    "lisa-dev-data": {
        "Resources": {
            "Table": KEPT,
            "People": {"Type": "AWS::Cognito::UserPool", "DeletionPolicy": "Retain"},
            "Logs": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete"},
        }
    },
    "lisa-dev-serve": {
        "Resources": {"Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"}}
    },
}
MEMBERS = {
    "lisa-dev-data": [
        ("Table", "AWS::DynamoDB::Table", "lisa-dev-data-Table-1"),
        ("People", "AWS::Cognito::UserPool", f"{REGION}_people"),
        ("Logs", "AWS::S3::Bucket", "lisa-dev-data-logs-1"),
    ],
    "lisa-dev-serve": [("Balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", BALANCER)],
}


class Deployed:
    """Stacks that are there, until they are deleted."""

    def __init__(self) -> None:
        self.stacks: dict[str, dict[str, Any]] = {}
        self.stuck: set[str] = set()
        for name in TEMPLATES:
            self.add(name)

    def add(self, name: str, **more: Any) -> None:
        self.stacks[name] = {
            "StackName": name,
            "StackStatus": "CREATE_COMPLETE",
            "CreationTime": LONG_AGO,
            **more,
        }

    def add_running(self) -> None:
        """Add a model, a store that is protected, and a stack of somebody else."""
        self.add("lisa-dev-model-llama", Tags=MARK)
        keep = [{"ParameterKey": "Keep", "ParameterValue": "true"}]
        name = [{"ParameterKey": "Name", "ParameterValue": "it"}]
        self.add(
            "lisa-dev-store-1", Tags=MARK, Parameters=keep + name, EnableTerminationProtection=True
        )
        self.add("lisa-dev-model-stranger")

    def describe(self, call: Call) -> Any:
        name = call.given.get("StackName")
        if name is None:
            return {"Stacks": [*self.stacks.values()]}
        if name not in self.stacks:
            return Refusal("ValidationError", f"Stack with id {name} does not exist")
        return {"Stacks": [self.stacks[name]]}

    def delete(self, call: Call) -> Any:
        name = call.given["StackName"]
        if name in self.stuck:
            self.stacks[name]["StackStatus"] = "DELETE_FAILED"
        else:
            del self.stacks[name]
        return {}

    def update(self, call: Call) -> Any:
        self.stacks[call.given["StackName"]]["StackStatus"] = "UPDATE_COMPLETE"
        return {"StackId": "arn"}


def members(call: Call) -> Any:
    return {
        "StackResourceSummaries": [
            {
                "LogicalResourceId": logical,
                "ResourceType": kind,
                "PhysicalResourceId": name,
                "ResourceStatus": "CREATE_COMPLETE",
                "LastUpdatedTimestamp": LONG_AGO,
            }
            for logical, kind, name in MEMBERS[call.given["StackName"]]
        ]
    }


def template(call: Call) -> Any:
    return {"TemplateBody": json.dumps(TEMPLATES[call.given["StackName"]])}


NOTHING_LEFT: dict[str, Any] = {
    "backup:ListBackupVaults": {"BackupVaultList": []},
    "cognito-idp:ListUserPools": {"UserPools": []},
    "dynamodb:ListTables": {"TableNames": ["other"]},
    "iam:ListRoles": {"Roles": [], "IsTruncated": False},
    "kms:ListKeys": {"Keys": []},
    "logs:DescribeLogGroups": {"logGroups": []},
    "rds:DescribeDBSnapshots": {"DBSnapshots": []},
    "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": []},
    "s3:ListBuckets": {"Buckets": [{"Name": "other", "CreationDate": LONG_AGO}]},
    "secretsmanager:ListSecrets": {"SecretList": []},
}


def answers_of(there: Deployed) -> dict[str, Any]:
    """Return what AWS would say of them, and that nothing else is there."""
    return {
        "cloudformation:DescribeStacks": there.describe,
        "cloudformation:DeleteStack": there.delete,
        "cloudformation:UpdateStack": there.update,
        "cloudformation:UpdateTerminationProtection": {"StackId": "arn"},
        "cloudformation:ListStackResources": members,
        "cloudformation:GetTemplate": template,
        **NOTHING_LEFT,
    }
