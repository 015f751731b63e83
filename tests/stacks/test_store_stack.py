"""The templates of stores: linted, and read for who gets in, what is encrypted and what is kept."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lisa.declared.store_offers import OFFERS
from lisa.declared.store_stack import (
    StoreOutput,
    StoreTemplate,
    parameter_of,
    short_name,
    short_names_of,
    template_name,
)
from stacks.store_templates import synthesised, write
from tests.stacks.resources import of_type, text

MOST_BYTES_OF_A_BODY = 51_200
LONGEST_DOMAIN = 28

every_kind = pytest.mark.parametrize("kind", list(StoreTemplate), ids=str)
postgres = pytest.mark.parametrize("kind", [StoreTemplate.RDS, StoreTemplate.AURORA], ids=str)


@pytest.fixture(scope="module")
def stores() -> Mapping[StoreTemplate, dict[str, Any]]:
    return synthesised(validate=False)


def only(template: Mapping[str, Any], kind: str) -> dict[str, Any]:
    [found] = of_type(template, kind).values()
    return dict(found["Properties"])


def kept(template: Mapping[str, Any], kind: StoreTemplate) -> dict[str, Any]:
    """Return what holds the data of a Postgres."""
    holds = "DBInstance" if kind is StoreTemplate.RDS else "DBCluster"
    [found] = of_type(template, f"AWS::RDS::{holds}").values()
    return dict(found)


def test_what_is_written_passes_every_validator_and_fits_into_a_body(tmp_path: Path) -> None:
    write(tmp_path)
    files = sorted(tmp_path.iterdir())
    lint = Path(sys.executable).with_name("cfn-lint")
    linted = subprocess.run(
        [lint, "--non-zero-exit-code", "warning", "--", *files],
        capture_output=True,
        text=True,
        check=False,
    )

    assert [file.name for file in files] == sorted(template_name(each) for each in StoreTemplate)
    assert linted.returncode == 0, linted.stdout
    assert max(file.stat().st_size for file in files) < MOST_BYTES_OF_A_BODY


@every_kind
def test_each_option_is_a_parameter_with_the_values_that_are_offered(
    stores: Mapping[StoreTemplate, dict[str, Any]], kind: StoreTemplate
) -> None:
    template = stores[kind]
    for name, option in OFFERS[kind].options.items():
        asked = template["Parameters"][parameter_of(name)]
        assert asked["Default"] == str(option.usual).lower()
        if option.choices:
            assert asked["AllowedValues"] == [str(each) for each in option.choices]
        elif isinstance(option.usual, bool):
            assert asked["AllowedValues"] == ["true", "false"]
        else:
            assert (asked["MinValue"], asked["MaxValue"]) == (option.least, option.most)
    assert "Rules" not in template
    assert "arn:aws:" not in json.dumps(template)


@every_kind
def test_it_says_where_it_answers_and_where_its_login_lies(
    stores: Mapping[StoreTemplate, dict[str, Any]], kind: StoreTemplate
) -> None:
    told = {name: text(each["Value"]) for name, each in stores[kind]["Outputs"].items()}
    addresses = {
        StoreTemplate.RDS: "${Database.Endpoint.Address}:${Database.Endpoint.Port}/lisa",
        StoreTemplate.AURORA: "${Cluster.Endpoint.Address}:${Cluster.Endpoint.Port}/lisa",
        StoreTemplate.DOMAIN: "https://${Domain.DomainEndpoint}",
        StoreTemplate.SERVERLESS: "${Collection.CollectionEndpoint}",
    }
    login = {StoreOutput.LOGIN.value: "${Login}"} if "Login" in stores[kind]["Parameters"] else {}

    assert told == {StoreOutput.ADDRESS.value: addresses[kind], **login}


@pytest.mark.parametrize(
    ("kind", "port"),
    [(StoreTemplate.RDS, 5432), (StoreTemplate.AURORA, 5432), (StoreTemplate.DOMAIN, 443)],
    ids=str,
)
def test_only_our_callers_get_in_and_nothing_gets_out(
    stores: Mapping[StoreTemplate, dict[str, Any]], kind: StoreTemplate, port: int
) -> None:
    group = only(stores[kind], "AWS::EC2::SecurityGroup")
    [way_in] = group["SecurityGroupIngress"]
    [way_out] = group["SecurityGroupEgress"]

    assert way_in["SourceSecurityGroupId"] == {"Ref": "CallersGroup"}
    assert (way_in["FromPort"], way_in["ToPort"]) == (port, port)
    assert "CidrIp" not in way_in
    assert way_out["CidrIp"] == "127.0.0.1/32"


@postgres
def test_a_database_is_encrypted_backed_up_and_takes_tls_only(
    stores: Mapping[StoreTemplate, dict[str, Any]], kind: StoreTemplate
) -> None:
    template = stores[kind]
    holds = kept(template, kind)
    instances = of_type(template, "AWS::RDS::DBInstance").values()
    rules = {**of_type(template, "AWS::RDS::DBParameterGroup")}
    rules |= of_type(template, "AWS::RDS::DBClusterParameterGroup")

    assert holds["Properties"]["StorageEncrypted"] is True
    assert holds["Properties"]["BackupRetentionPeriod"] == {"Ref": "BackupDays"}
    assert all(each["Properties"]["PubliclyAccessible"] is False for each in instances)
    assert [each["Properties"]["Parameters"] for each in rules.values()] == [{"rds.force_ssl": "1"}]


@postgres
def test_a_database_is_protected_as_is_asked_and_leaves_nothing_when_it_goes(
    stores: Mapping[StoreTemplate, dict[str, Any]], kind: StoreTemplate
) -> None:
    holds = kept(stores[kind], kind)

    assert holds["Properties"]["DeletionProtection"] == {"Ref": "Keep"}
    assert stores[kind]["Parameters"]["Keep"]["AllowedValues"] == ["true", "false"]
    assert (holds["DeletionPolicy"], holds["UpdateReplacePolicy"]) == ("Delete", "Retain")


@postgres
def test_its_password_is_made_where_it_is_kept(
    stores: Mapping[StoreTemplate, dict[str, Any]], kind: StoreTemplate
) -> None:
    secret = only(stores[kind], "AWS::SecretsManager::Secret")
    holds = kept(stores[kind], kind)["Properties"]

    assert secret["Name"] == {"Ref": "Login"}
    assert json.loads(secret["GenerateSecretString"]["SecretStringTemplate"]) == {
        "username": holds["MasterUsername"]
    }
    assert holds["MasterUserPassword"] == {
        "Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:password}}"
    }


def test_a_domain_is_encrypted_everywhere_and_answers_our_roles_only(
    stores: Mapping[StoreTemplate, dict[str, Any]],
) -> None:
    domain = only(stores[StoreTemplate.DOMAIN], "AWS::OpenSearchService::Domain")
    [statement] = domain["AccessPolicies"]["Statement"]

    assert domain["EncryptionAtRestOptions"]["Enabled"] is True
    assert domain["NodeToNodeEncryptionOptions"] == {"Enabled": True}
    assert domain["DomainEndpointOptions"]["EnforceHTTPS"] is True
    assert domain["DomainEndpointOptions"]["TLSSecurityPolicy"].startswith("Policy-Min-TLS-1-2")
    assert statement["Principal"] == {"AWS": {"Ref": "Callers"}}
    assert text(statement["Resource"]).endswith(":domain/${Name}/*")
    assert domain["VPCOptions"]["SubnetIds"]["Fn::If"][0] == "OneZone"


def test_a_collection_is_encrypted_reached_by_the_endpoint_and_answers_our_roles_only(
    stores: Mapping[StoreTemplate, dict[str, Any]],
) -> None:
    template = stores[StoreTemplate.SERVERLESS]
    policies = {
        each["Properties"]["Type"]: each["Properties"]["Policy"]
        for each in of_type(template, "AWS::OpenSearchServerless::SecurityPolicy").values()
    }
    data, roles = only(template, "AWS::OpenSearchServerless::AccessPolicy")["Policy"]["Fn::Sub"]
    [allowed] = json.loads(data)
    [network] = json.loads(policies["network"]["Fn::Sub"])
    condition, by_us, by_aws = policies["encryption"]["Fn::If"]
    named = [["collection/${Name}"], ["index/${Name}/*"]]

    assert condition == "HasKey"
    assert json.loads(by_us["Fn::Sub"])["KmsARN"] == "${Key}"
    assert json.loads(by_aws["Fn::Sub"])["AWSOwnedKey"] is True
    assert (network["AllowFromPublic"], network["SourceVPCEs"]) == (False, ["${Endpoint}"])
    assert allowed["Principal"] == ["${Roles}"]
    assert roles == {"Roles": {"Fn::Join": ['","', {"Ref": "Callers"}]}}
    assert [rule["Resource"] for rule in allowed["Rules"]] == named
    assert not any("*" in each for rule in allowed["Rules"] for each in rule["Permission"])
    assert only(template, "AWS::OpenSearchServerless::Collection")["StandbyReplicas"] == {
        "Fn::If": ["HasStandby", "ENABLED", "DISABLED"]
    }


@pytest.mark.parametrize("deployment", ["a-b", "lisa-dev", f"{'x' * 20}-{'y' * 20}", "abcdefgh-i"])
def test_short_names_are_short_and_every_stores_own(deployment: str) -> None:
    names = {short_name(deployment, f"r_{number:032x}") for number in range(50)}
    others = {short_name(f"{deployment}2", f"r_{number:032x}") for number in range(50)}

    assert len(names | others) == 100
    assert max(map(len, names)) <= LONGEST_DOMAIN
    assert all(each.startswith(short_names_of(deployment)) for each in names)
    assert "--" not in "".join(names)
