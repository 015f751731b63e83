"""What is made at run time is encrypted with the deployment's key, where it has one."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import STORES, WORKFLOWS
from stacks.model_templates import synthesised as models
from stacks.store_templates import synthesised as stores
from tests.stacks.complete import complete
from tests.stacks.resources import function_of, listed, of_type, statements_of, text

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
OURS = {"Fn::If": ["HasKey", {"Ref": "Key"}, {"Ref": "AWS::NoValue"}]}
# What can be encrypted with a key, and where its template says so.
WITH_KEY: Mapping[str, tuple[str, ...]] = {
    "AWS::Logs::LogGroup": ("KmsKeyId",),
    "AWS::OpenSearchService::Domain": ("EncryptionAtRestOptions", "KmsKeyId"),
    "AWS::RDS::DBCluster": ("KmsKeyId",),
    "AWS::RDS::DBInstance": ("KmsKeyId",),
    "AWS::SecretsManager::Secret": ("KmsKeyId",),
}


@pytest.fixture(scope="session")
def made() -> Mapping[str, Any]:
    """Return the templates of models and of stores."""
    found = {f"model-{engine}": each for engine, each in models(validate=False).items()}
    return found | {f"store-{kind}": each for kind, each in stores(validate=False).items()}


@pytest.fixture(scope="session")
def keyed(synthesise: Synthesise) -> Mapping[str, Any]:
    return synthesise(complete())


def test_each_template_takes_a_key_and_goes_without(made: Mapping[str, Any]) -> None:
    for name, template in made.items():
        assert template["Parameters"]["Key"]["Type"] == "String", name
        given = {"Fn::Not": [{"Fn::Equals": [{"Ref": "Key"}, ""]}]}
        assert template["Conditions"]["HasKey"] == given, name


@pytest.mark.parametrize("kind", WITH_KEY)
def test_all_that_takes_a_key_is_encrypted_with_it(made: Mapping[str, Any], kind: str) -> None:
    found = {
        (part, name): resource["Properties"]
        for part, template in made.items()
        for name, resource in of_type(template, kind).items()
        if "DBClusterIdentifier" not in resource["Properties"] or kind.endswith("DBCluster")
    }
    assert found
    for where, properties in found.items():
        inner: Any = properties
        for field in WITH_KEY[kind]:
            inner = inner.get(field)
        assert inner == OURS, where


def test_a_collection_is_encrypted_with_the_key_or_with_one_that_aws_owns(
    made: Mapping[str, Any],
) -> None:
    policies = of_type(
        made["store-opensearch-serverless"], "AWS::OpenSearchServerless::SecurityPolicy"
    )
    condition, ours, theirs = policies["Encryption"]["Properties"]["Policy"]["Fn::If"]
    with_key, without = (json.loads(each["Fn::Sub"]) for each in (ours, theirs))

    assert condition == "HasKey"
    assert (with_key["AWSOwnedKey"], with_key["KmsARN"]) == (False, "${Key}")
    assert without["AWSOwnedKey"] is True
    assert "KmsARN" not in without
    assert with_key["Rules"] == without["Rules"]


@pytest.mark.parametrize(("door", "site"), [(STORES, "STORE_SITE"), (WORKFLOWS, "SITE")])
def test_the_function_that_makes_stacks_tells_them_the_key(
    keyed: Mapping[str, Any], door: Any, site: str
) -> None:
    _, function = function_of(keyed, door)
    told = json.loads(text(function["Environment"]["Variables"][f"LISA_{site}"]))

    assert told["key"] == "${EncryptionKey}"


def test_without_a_key_stacks_are_told_of_none(templates: Mapping[str, Any]) -> None:
    for door, site in ((STORES, "STORE_SITE"), (WORKFLOWS, "SITE")):
        _, function = function_of(templates, door)
        assert json.loads(text(function["Environment"]["Variables"][f"LISA_{site}"]))["key"] == ""


def test_who_makes_stores_may_lend_the_key_to_services_that_keep_data_and_to_nobody_else(
    keyed: Mapping[str, Any], templates: Mapping[str, Any]
) -> None:
    found = on_key(keyed["stores"])

    assert set(found) == {"LendKey", "SeeKey", "OpenByKey", "EncryptByKey"}
    lent = found["LendKey"]["Condition"]
    assert lent["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    services = {text(each).partition(".")[0] for each in lent["StringLike"]["kms:ViaService"]}
    assert {"aoss", "es", "rds"} <= services
    for sid in ("OpenByKey", "EncryptByKey"):
        [through] = found[sid]["Condition"]["StringLike"]["kms:ViaService"]
        assert text(through).startswith("secretsmanager.")
    assert on_key(templates["stores"]) == {}


def test_what_starts_an_engine_opens_its_secrets_and_nothing_else_with_the_key(
    made: Mapping[str, Any], keyed: Mapping[str, Any]
) -> None:
    boundary = [
        statement
        for policy in of_type(keyed["lifecycle"], "AWS::IAM::ManagedPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "kms:Decrypt" in listed(statement["Action"])
    ]
    assert [each["Resource"] for each in boundary] == [{"Ref": "EncryptionKey"}]
    for name in (each for each in made if each.startswith("model-")):
        [policy] = made[name]["Resources"]["StartRole"]["Properties"]["Policies"]
        opening = [
            each["Fn::If"][1]
            for each in policy["PolicyDocument"]["Statement"]
            if each.get("Fn::If", [""])[0] == "HasKey"
        ]
        assert [(each["Action"], each["Resource"]) for each in opening] == [
            (["kms:Decrypt"], {"Ref": "Key"})
        ]
        through = opening[0]["Condition"]["StringLike"]["kms:ViaService"]
        assert text(through).startswith("secretsmanager.")


def on_key(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the role that makes stacks may do with keys, by the statements' names."""
    [maker] = [name for name in of_type(template, "AWS::IAM::Role") if name.startswith("Maker")]
    return {
        each["Sid"]: each
        for each in statements_of(template, maker)
        if listed(each["Action"])[0].startswith("kms:")
    }
