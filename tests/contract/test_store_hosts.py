"""Every maker of stores keeps the same contract: databases of our own, and stacks on AWS."""

import asyncio
import json
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, EmptyResult

from lisa.adapters.cloudformation.calls import Calls, Clients
from lisa.adapters.cloudformation.store_wanted import store_stack, store_stack_name
from lisa.adapters.cloudformation.stores import CloudFormationStores
from lisa.adapters.pgvector.own_databases import OwnDatabases
from lisa.declared.store_offers import OFFERS, template_for
from lisa.declared.store_stack import StoreSite, StoreTemplate
from lisa.domain.errors import Invalid
from lisa.domain.knowledge.store_offer import Offer
from stacks.store_templates import synthesised
from tests.contract.store_hosts import DEMANDS, UID, Tried, repository_of

Demand = Callable[[Tried], Awaitable[None]]
KINDS = ["database", StoreTemplate.RDS, StoreTemplate.SERVERLESS]  # with a login, and without


@pytest.fixture(scope="module")
def templates() -> Mapping[StoreTemplate, dict[str, Any]]:
    return synthesised(validate=False)


def emulated(template: dict[str, Any]) -> dict[str, Any]:
    """Keep what a template asks for and tells; the emulator makes neither databases nor domains."""
    asked = template["Parameters"]
    lists = [name for name, each in asked.items() if "List" in each["Type"]]
    values = [
        {"Fn::Join": [",", {"Ref": name}]} if name in lists else {"Ref": name} for name in asked
    ]
    name = {"Fn::Sub": "mark-of-${AWS::StackName}"}
    mark = {"Name": name, "Type": "String", "Value": {"Fn::Join": [" ", values]}}
    told = {"Address": {"Value": {"Fn::Sub": "${Name}.example.com:5432/lisa"}}}
    if "Login" in asked:
        told["LoginName"] = template["Outputs"]["LoginName"]
    resources = {"Mark": {"Type": "AWS::SSM::Parameter", "Properties": mark}}
    return {"Parameters": asked, "Resources": resources, "Outputs": told}


def protect(asked: CloudFormationResponse) -> ActionResult:
    """Do what the emulator doesn't know: protect a stack from being deleted."""
    stack = asked.cloudformation_backend.get_stack(asked._get_param("StackName"))
    stack.enable_termination_protection = asked._get_bool_param("EnableTerminationProtection")
    return ActionResult({"StackId": stack.stack_id})


def delete_unprotected(asked: CloudFormationResponse) -> EmptyResult:
    """Delete a stack, if it isn't protected."""
    name = asked._get_param("StackName")
    stacks = asked.cloudformation_backend.list_stacks()
    if any(each.name == name and each.enable_termination_protection for each in stacks):
        raise ValidationError(message=f"Stack [{name}] cannot be deleted while it is protected")
    asked.cloudformation_backend.delete_stack(name)
    return EmptyResult()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreSite]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    emulator = CloudFormationResponse
    monkeypatch.setattr(emulator, "update_termination_protection", protect, raising=False)
    monkeypatch.setattr(emulator, "delete_stack", delete_unprotected)
    with mock_aws(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the emulator names what it passes over
        ec2 = boto3.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}"
            )["Subnet"]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        group = ec2.create_security_group(GroupName="serve", Description="serve", VpcId=vpc)
        yield StoreSite(
            deployment="lisa-dev",
            vpc=vpc,
            subnets=tuple(subnets),
            callers_group=group["GroupId"],
            callers=("arn:aws:iam::123456789012:role/serve", "arn:aws:iam::123456789012:role/ask"),
            secrets_prefix="lisa/dev/",
            endpoint="vpce-0123456789abcdef0",
        )


@pytest.fixture
def on_aws(
    site: StoreSite, templates: Mapping[StoreTemplate, dict[str, Any]]
) -> CloudFormationStores:
    async def text_of(kind: StoreTemplate) -> str:
        return json.dumps(emulated(templates[kind]))

    return CloudFormationStores(Calls(Clients()), site, text_of)


@pytest.fixture(params=KINDS)
async def tried(request: pytest.FixtureRequest, postgres: str) -> AsyncIterator[Tried]:
    async def moment() -> None:
        await asyncio.sleep(0.01)

    if request.param == "database":
        host = OwnDatabases(postgres)
        yield Tried(host, host.offers()[0], moment)
        await host.remove(UID)
    else:
        made = request.getfixturevalue("on_aws")
        yield Tried(made, OFFERS[request.param], moment)


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda each: each.__name__)
async def test_a_maker_of_stores(demand: Demand, tried: Tried) -> None:
    await demand(tried)


def described(site: StoreSite) -> dict[str, Any]:
    name = store_stack_name(site, UID)
    return dict(boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0])


def values_of(site: StoreSite) -> dict[str, str]:
    return {each["ParameterKey"]: each["ParameterValue"] for each in described(site)["Parameters"]}


async def test_a_store_is_protected_once_it_has_proven_itself(
    on_aws: CloudFormationStores, site: StoreSite
) -> None:
    await on_aws.ensure(repository_of(OFFERS[StoreTemplate.RDS]))
    assert values_of(site)["Keep"] == "false"
    assert not described(site)["EnableTerminationProtection"]

    await on_aws.keep(UID)

    assert values_of(site)["Keep"] == "true"
    assert described(site)["EnableTerminationProtection"]


async def test_its_login_lies_below_the_deployments_prefix(
    on_aws: CloudFormationStores, site: StoreSite
) -> None:
    await on_aws.ensure(repository_of(OFFERS[StoreTemplate.AURORA]))
    made = await on_aws.observe(UID)

    assert made.credentials == f"secret:{site.secrets_prefix}stores/{UID}"


@pytest.mark.parametrize("kind", StoreTemplate, ids=str)
def test_every_parameter_of_a_template_is_given(
    kind: StoreTemplate, site: StoreSite, templates: Mapping[StoreTemplate, dict[str, Any]]
) -> None:
    template = templates[kind]
    asked = store_stack(site, repository_of(OFFERS[kind]), json.dumps(template))

    given = {each["ParameterKey"]: each["ParameterValue"] for each in asked["Parameters"]}
    asked_for = template["Parameters"]
    may_be_empty = {name for name in asked_for if "may be empty" in asked_for[name]["Description"]}
    assert set(given) == set(asked_for)
    assert {name for name, value in given.items() if not value} <= may_be_empty
    assert all(isinstance(each, str) for each in given.values())


@pytest.mark.parametrize("kind", StoreTemplate, ids=str)
def test_each_kind_has_a_template_of_its_own(kind: StoreTemplate) -> None:
    assert template_for(OFFERS[kind].kind, serverless=OFFERS[kind].serverless) is kind


async def test_without_an_endpoint_no_collection_is_made(
    site: StoreSite, templates: Mapping[StoreTemplate, dict[str, Any]]
) -> None:
    async def text_of(kind: StoreTemplate) -> str:
        return json.dumps(templates[kind])

    nowhere = site.model_copy(update={"endpoint": ""})
    host = CloudFormationStores(Calls(Clients()), nowhere, text_of)
    with pytest.raises(Invalid, match="no endpoint"):
        await host.ensure(repository_of(OFFERS[StoreTemplate.SERVERLESS]))
    assert not await host.leftovers(UID)


async def test_a_database_of_another_name_is_not_ours(postgres: str) -> None:
    for uid in ("../lisa", 'x"; DROP', "R", ""):
        with pytest.raises(Invalid):
            await OwnDatabases(postgres).observe(uid)


def test_what_may_be_chosen_is_complete_or_refused() -> None:
    offer: Offer = OFFERS[StoreTemplate.DOMAIN]

    assert offer.completed({"nodes": 4})["nodes"] == 4
    assert offer.completed({})["storage_gb"] == 50
    for wrong in (
        {"nodes": 3},
        {"nodes": True},
        {"storage_gb": 9},
        {"storage_gb": "50"},
        {"storage_gb": 50.5},
        {"instance": "p5.48xlarge"},
        {"size": 1},
    ):
        with pytest.raises(Invalid) as refused:
            offer.completed(wrong)
        assert refused.value.next_step
