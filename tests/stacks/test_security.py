"""What a reviewer asks of every template: wide permissions, plain connections, open doors."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from stacks.model_templates import synthesised as models
from stacks.store_templates import synthesised as stores
from stacks.wide_grants import wide_grants, wide_grants_of_function
from tests.stacks.complete import complete
from tests.stacks.conftest import ROOT
from tests.stacks.granted import grants_of
from tests.stacks.resources import listed, of_type

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
TLS = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.fixture(scope="session")
def everything(synthesise: Synthesise) -> Mapping[str, Any]:
    """Return all templates there are: of a deployment, of models and of stores."""
    made = {**synthesise(complete())}
    made |= {f"model-{engine}": found for engine, found in models(validate=False).items()}
    return made | {f"store-{kind}": found for kind, found in stores(validate=False).items()}


def resources(templates: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for part, template in templates.items():
        for name, found in of_type(template, kind).items():
            yield part, name, found


def test_every_permission_on_all_of_a_kind_has_a_written_reason_and_no_reason_is_left_over(
    everything: Mapping[str, Any],
) -> None:
    found = {
        ("model" if each.stack.startswith("model-") else each.stack, each.holder, action)
        for each in grants_of(everything)
        if each.is_wide()
        for action in each.actions()
    }
    declared = {
        (each.stack, each.role, action) for each in wide_grants() for action in each.actions
    }

    assert found - declared == set(), (
        "name it in stacks/wide_grants.py with its reason, or narrow it"
    )
    assert declared - found == set(), "nothing has these any more: take them out of wide_grants"


def test_so_has_every_permission_of_the_gateway_as_a_function(synthesise: Synthesise) -> None:
    config = read_config(ROOT / "config" / "idle.yaml")
    traced = config.observability.model_copy(update={"enabled": True, "tracing": True})
    idle = synthesise(config.model_copy(update={"observability": traced}))
    found = {
        (each.stack, each.holder, action)
        for each in grants_of({"serve": idle["serve"]})
        if each.is_wide()
        for action in each.actions()
    }
    declared = {
        (each.stack, each.role, action)
        for each in wide_grants_of_function()
        for action in each.actions
    }

    assert found == declared
    assert found


def test_a_reason_is_told_once_for_each_permission() -> None:
    told = Counter(
        (each.stack, each.role, action) for each in wide_grants() for action in set(each.actions)
    )

    assert not [each for each, times in told.items() if times > 1]
    assert all(each.reason for each in wide_grants())


def test_nothing_is_allowed_to_everybody(everything: Mapping[str, Any]) -> None:
    for grant in grants_of(everything):
        principal = grant.statement.get("Principal", "")
        assert principal != "*", grant
        assert not isinstance(principal, Mapping) or principal.get("AWS") != "*", grant


def test_no_action_has_a_wildcard(everything: Mapping[str, Any]) -> None:
    for grant in grants_of(everything):
        assert not [action for action in grant.actions() if "*" in action], grant


@pytest.mark.parametrize(
    ("kind", "policies", "named"),
    [
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"),
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
    ],
)
def test_buckets_queues_and_topics_refuse_whoever_comes_without_tls(
    everything: Mapping[str, Any], kind: str, policies: str, named: str
) -> None:
    refusing = {
        (part, reference["Ref"])
        for part, _, policy in resources(everything, policies)
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for reference in listed(policy["Properties"][named])
        if statement["Effect"] == "Deny" and statement.get("Condition") == TLS
    }

    assert {(part, name) for part, name, _ in resources(everything, kind)} == refusing


def test_listeners_speak_tls_1_3_or_1_2_or_are_known_for_what_they_are(
    everything: Mapping[str, Any],
) -> None:
    kind = "AWS::ElasticLoadBalancingV2::Listener"
    plain = set()
    for part, _, listener in resources(everything, kind):
        if listener["Properties"]["Protocol"] == "HTTPS":
            assert listener["Properties"]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
        else:
            plain.add(part)

    assert plain == {"litellm", *(part for part in everything if part.startswith("model-"))}


def test_what_is_asked_over_http_is_reached_from_one_security_group_alone(
    everything: Mapping[str, Any],
) -> None:
    for part, _, balancer in resources(everything, "AWS::ElasticLoadBalancingV2::LoadBalancer"):
        assert balancer["Properties"]["Scheme"] == "internal", part
    for part, template in everything.items():
        if part.startswith("model-"):
            [way] = template["Resources"]["BalancerGroup"]["Properties"]["SecurityGroupIngress"]
            assert way["SourceSecurityGroupId"] == {"Ref": "GatewayGroup"}


def test_nothing_has_a_public_address(everything: Mapping[str, Any]) -> None:
    written = json.dumps(everything)

    assert '"MapPublicIpOnLaunch": true' not in written
    assert '"AssignPublicIp": "ENABLED"' not in written
    assert '"AssociatePublicIpAddress": true' not in written
    assert '"PubliclyAccessible": true' not in written
    for part, name, bucket in resources(everything, "AWS::S3::Bucket"):
        blocked = bucket["Properties"]["PublicAccessBlockConfiguration"]
        assert list(blocked.values()) == [True] * 4, (part, name)


def test_what_holds_state_can_not_be_deleted_by_mistake(everything: Mapping[str, Any]) -> None:
    for part, name, table in resources(everything, "AWS::DynamoDB::Table"):
        assert table["Properties"]["DeletionProtectionEnabled"] is True, (part, name)
    for part, name, pool in resources(everything, "AWS::Cognito::UserPool"):
        assert pool["Properties"]["DeletionProtection"] == "ACTIVE", (part, name)
    for part, name, balancer in resources(everything, "AWS::ElasticLoadBalancingV2::LoadBalancer"):
        if not part.startswith("model-"):
            told = balancer["Properties"]["LoadBalancerAttributes"]
            assert {"Key": "deletion_protection.enabled", "Value": "true"} in told, (part, name)
    for kind in ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance"):
        for part, name, database in resources(everything, kind):
            if "DBClusterIdentifier" not in database["Properties"] or kind.endswith("Cluster"):
                assert database["Properties"]["DeletionProtection"] == {"Ref": "Keep"}, (part, name)


def test_disks_and_databases_are_encrypted(everything: Mapping[str, Any]) -> None:
    written = json.dumps(everything)

    assert '"Encrypted": false' not in written
    for kind in ("AWS::RDS::DBCluster", "AWS::OpenSearchService::Domain"):
        assert list(resources(everything, kind)), kind
    for _, _, template in resources(everything, "AWS::EC2::LaunchTemplate"):
        data = template["Properties"]["LaunchTemplateData"]
        assert all(each["Ebs"]["Encrypted"] is True for each in data["BlockDeviceMappings"])
        assert data["MetadataOptions"]["HttpTokens"] == "required"
