"""What holds state, with all that would make CloudFormation replace it: `-m tests.stacks.stateful`.

Run like that it writes the baseline anew. Do so only where nothing is lost: CloudFormation makes a
new, empty resource for a changed logical id or a changed property of these.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped] # it has none

from stacks.store_templates import synthesised as stores
from tests.stacks.complete import complete
from tests.stacks.conftest import _synthesise, templates_in

BASELINE = Path(__file__).with_name("stateful.json")
REGION = "us-east-1"
# By type: what can't be changed either, though the schema of the type doesn't say so.
ALSO_FIXED: Mapping[str, tuple[str, ...]] = {
    "AWS::DynamoDB::Table": (
        "KeySchema",
        "GlobalSecondaryIndexes",
        "SSESpecification",
        "TimeToLiveSpecification",
    ),
    "AWS::S3::Bucket": ("BucketEncryption",),
    "AWS::KMS::Key": ("KeySpec", "KeyUsage", "EnableKeyRotation"),
    "AWS::ApiGateway::RestApi": (),
    "AWS::Backup::BackupVault": (),
    "AWS::Cognito::UserPool": (
        "AliasAttributes",
        "Schema",
        "UsernameAttributes",
        "UsernameConfiguration",
    ),
    "AWS::Cognito::UserPoolClient": (),
    "AWS::EC2::VPC": (),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (),
    "AWS::OpenSearchServerless::Collection": (),
    "AWS::OpenSearchService::Domain": ("EncryptionAtRestOptions",),
    "AWS::RDS::DBCluster": ("StorageEncrypted",),
    "AWS::RDS::DBInstance": ("StorageEncrypted",),
    "AWS::SecretsManager::Secret": (),
    "AWS::SNS::Topic": (),
}


def stateful_in(templates: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return by part and logical id: the type, what happens to it, and what is fixed."""
    found = {
        part: {
            name: _kept(resource)
            for name, resource in sorted(template["Resources"].items())
            if resource["Type"] in ALSO_FIXED
        }
        for part, template in sorted(templates.items())
    }
    return {part: names for part, names in found.items() if names}


def with_stores(templates: Mapping[str, Any]) -> dict[str, Any]:
    """Add the templates of stores, which are made at run time."""
    return {**templates, **{f"store-{kind}": each for kind, each in stores(validate=False).items()}}


def _kept(resource: Mapping[str, Any]) -> dict[str, Any]:
    properties = resource.get("Properties", {})
    fixed = {name: properties[name] for name in _fixed(str(resource["Type"])) if name in properties}
    return {
        "type": resource["Type"],
        "when removed": resource.get("DeletionPolicy", "Delete"),
        **({"fixed": fixed} if fixed else {}),
    }


def _fixed(kind: str) -> list[str]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    told = [
        *schema.get("createOnlyProperties", []),
        *schema.get("conditionalCreateOnlyProperties", []),
    ]
    return sorted({path.split("/")[2] for path in told} | {*ALSO_FIXED[kind]})


def _write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _synthesise(complete(), Path(folder))
        found = stateful_in(with_stores(templates_in(Path(folder))))
    BASELINE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    _write()
