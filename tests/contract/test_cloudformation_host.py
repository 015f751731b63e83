"""Models as stacks, on an emulator that makes most resources and runs no engine.

It passes over capacity providers, and a stack is there as soon as it is asked for.
"""

import json
import warnings
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from lisa.adapters.cloudformation.calls import Calls, Clients
from lisa.adapters.cloudformation.host import CloudFormationHost
from lisa.adapters.cloudformation.wanted import Container, Containers, stack, stack_name
from lisa.declared import engines
from lisa.declared.engine_options.engine import Place
from lisa.declared.model_stack import LIMITS, TASK, Parameter, Site
from lisa.domain.errors import Invalid, NotFound, TooLarge
from lisa.domain.hosting import EngineName, Hosting, HostKind, Scaling, Weights
from lisa.domain.planned_scaling import PlannedScale
from lisa.ports.hosts import HostState
from stacks.model_templates import synthesised

MODEL = "qwen3-8b"
HOSTING = Hosting(
    kind=HostKind.CLOUDFORMATION,
    engine=EngineName.VLLM,
    weights=Weights(source="s3://weights/qwen3/8b"),
    environment={"VLLM_LOGGING_LEVEL": "DEBUG"},
    instance_type="g6.12xlarge",
    gpus=4,
    scaling=Scaling(minimum=1, desired=2, maximum=3),
)
PLANNED = HOSTING.model_copy(
    update={
        "scaling": Scaling(
            minimum=2,
            desired=2,
            maximum=6,
            planned=(
                PlannedScale(
                    at="08:05",
                    days=("monday", "friday"),
                    timezone="Europe/Berlin",
                    minimum=2,
                    maximum=8,
                ),
                PlannedScale(at="20:00", minimum=0, maximum=1),
            ),
        )
    }
)


@pytest.fixture(scope="module")
def container() -> Containers:
    written = synthesised(validate=False)

    async def container_of(model_id: str, hosting: Hosting) -> Container:
        place = Place(model_id, hosting.weights.source, engines.engine_of(hosting).port)
        return Container(
            template=json.dumps(written[hosting.engine]),
            image=engines.image(hosting),
            command=engines.command(hosting, place),
            environment=engines.environment(hosting),
        )

    return container_of


@pytest.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    # The emulator knows machine images of this region only.
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
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
        yield Site(
            deployment="lisa-dev",
            vpc=vpc,
            subnets=tuple(subnets),
            gateway_group=group["GroupId"],
        )


@pytest.fixture
def host(site: Site, container: Containers) -> CloudFormationHost:
    return CloudFormationHost(Calls(Clients()), site, container)


def described(site: Site) -> dict[str, Any]:
    name = stack_name(site, MODEL)
    return dict(boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0])


def values_of(site: Site) -> dict[str, str]:
    return {each["ParameterKey"]: each["ParameterValue"] for each in described(site)["Parameters"]}


async def test_what_is_asked_for_stands_and_tells_its_address(
    host: CloudFormationHost, site: Site
) -> None:
    assert (await host.observe(MODEL)).state is HostState.ABSENT

    await host.ensure(MODEL, HOSTING, 2)
    seen = await host.observe(MODEL)

    assert seen.state is HostState.READY
    assert seen.address.startswith("http://")
    assert seen.address.endswith("/v1")
    assert values_of(site)["Replicas"] == "2"
    assert values_of(site)["WeightsPrefix"] == "qwen3/8b"


async def test_the_task_has_the_gpus_the_command_and_the_environment(
    host: CloudFormationHost,
) -> None:
    await host.ensure(MODEL, HOSTING, 1)
    ecs = boto3.client("ecs")
    [arn] = ecs.list_task_definitions()["taskDefinitionArns"]
    [made] = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"][
        "containerDefinitions"
    ]

    assert made["resourceRequirements"] == [{"type": "GPU", "value": "4"}]
    assert made["command"][:2] == ["vllm", "serve"]
    assert "--tensor-parallel-size" in made["command"]
    assert {"name": "VLLM_LOGGING_LEVEL", "value": "DEBUG"} in made["environment"]


async def test_the_same_again_changes_nothing_and_another_hosting_changes_the_stack(
    host: CloudFormationHost, site: Site
) -> None:
    await host.ensure(MODEL, HOSTING, 2)
    await host.ensure(MODEL, HOSTING, 2)
    assert described(site)["StackStatus"] == "CREATE_COMPLETE"

    await host.ensure(MODEL, HOSTING.model_copy(update={"instance_type": "g6e.12xlarge"}), 1)

    assert described(site)["StackStatus"] == "UPDATE_COMPLETE"
    assert values_of(site)["InstanceType"] == "g6e.12xlarge"


async def test_no_replicas_leave_no_balancer(host: CloudFormationHost) -> None:
    await host.ensure(MODEL, HOSTING, 0)
    seen = await host.observe(MODEL)

    assert (seen.state, seen.address) == (HostState.READY, "")
    assert boto3.client("elbv2").describe_load_balancers()["LoadBalancers"] == []


async def test_what_is_removed_leaves_nothing_and_may_be_removed_again(
    host: CloudFormationHost,
) -> None:
    await host.ensure(MODEL, HOSTING, 1)
    assert await host.leftovers(MODEL)

    await host.remove(MODEL)
    await host.remove(MODEL)

    assert await host.leftovers(MODEL) == []
    assert (await host.observe(MODEL)).state is HostState.ABSENT


async def test_a_machine_without_a_stack_is_found_by_its_mark(host: CloudFormationHost) -> None:
    ec2 = boto3.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    marks = [{"Key": "lisa:model", "Value": MODEL}]
    made = ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": marks}],
    )["Instances"][0]["InstanceId"]

    assert f"machine {made}" in await host.leftovers(MODEL)
    ec2.terminate_instances(InstanceIds=[made])
    assert f"machine {made}" not in await host.leftovers(MODEL)


async def test_logs_are_read_by_page(host: CloudFormationHost) -> None:
    await host.ensure(MODEL, HOSTING, 1)
    logs = boto3.client("logs")
    [group] = [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]]
    stream = "engine/engine/task-1"
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now = int(datetime.now(UTC).timestamp() * 1000)  # what is old isn't taken
    logs.put_log_events(
        logGroupName=group,
        logStreamName=stream,
        logEvents=[{"timestamp": now, "message": said} for said in ("loading", "loaded")],
    )

    page = await host.logs(MODEL, "task-1", 10, "")

    assert page.lines == ["loading", "loaded"]
    assert (await host.logs(MODEL, "task-1", 10, page.cursor)).lines == []
    last = await host.logs(MODEL, "task-1", 1, "", backward=True)
    before = await host.logs(MODEL, "task-1", 1, last.earlier, backward=True)
    assert (last.lines, before.lines) == (["loaded"], ["loading"])
    assert (await host.logs(MODEL, "task-1", 10, last.cursor)).lines == []
    beginning = await host.logs(MODEL, "task-1", 1, before.earlier, backward=True)
    assert (beginning.lines, beginning.earlier) == ([], "")
    with pytest.raises(NotFound):
        await host.logs(MODEL, "task-2", 10, "")


async def test_what_is_planned_is_in_the_stack_while_the_model_runs_and_gone_when_it_is_stopped(
    host: CloudFormationHost, site: Site
) -> None:
    await host.ensure(MODEL, PLANNED, 2)

    cloudformation = boto3.client("cloudformation")
    written = cloudformation.get_template(StackName=stack_name(site, MODEL))["TemplateBody"]
    actions = written["Resources"][LIMITS]["Properties"]["ScheduledActions"]
    assert [(each["Schedule"], each["Timezone"]) for each in actions] == [
        ("cron(5 8 ? * MON,FRI *)", "Europe/Berlin"),
        ("cron(0 20 ? * MON,TUE,WED,THU,FRI,SAT,SUN *)", "UTC"),
    ]
    assert actions[0]["ScalableTargetAction"] == {"MinCapacity": 2, "MaxCapacity": 8}
    assert len({each["ScheduledActionName"] for each in actions}) == 2
    values = values_of(site)
    assert (values["Minimum"], values["Maximum"]) == ("2", "6")
    assert values["MaxInstances"] == "16"  # of the most that are planned

    await host.ensure(MODEL, PLANNED, 0)

    stopped = cloudformation.get_template(StackName=stack_name(site, MODEL))["TemplateBody"]
    assert "ScheduledActions" not in json.dumps(stopped)


async def test_every_parameter_of_the_template_is_given(site: Site, container: Containers) -> None:
    asked = stack(site, MODEL, HOSTING, 1, await container(MODEL, HOSTING))

    given = {each["ParameterKey"] for each in asked["Parameters"]}
    assert given == {each.value for each in Parameter}
    body = json.loads(asked["TemplateBody"])
    assert body["Resources"][TASK]["Properties"]["ContainerDefinitions"][0]["Secrets"] == []


def test_names_of_stacks_differ_where_ids_do(site: Site) -> None:
    assert stack_name(site, "a.b") != stack_name(site, "a-b")


async def test_what_fits_into_no_stack_is_refused_before_one_is_made(
    site: Site, container: Containers
) -> None:
    fitting = await container(MODEL, HOSTING)
    long = replace(fitting, command=["serve", "x" * 60_000])
    with pytest.raises(TooLarge):
        stack(site, MODEL, HOSTING, 1, long)
    without = HOSTING.model_copy(update={"instance_type": ""})
    with pytest.raises(Invalid, match="instance type"):
        stack(site, MODEL, without, 1, fitting)


async def test_the_engine_may_read_the_secrets_it_is_given_and_no_others(
    site: Site, container: Containers
) -> None:
    secrets = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
    given = {"HF_TOKEN": f"{secrets}hub", "OTHER": f"{secrets}other-AbCdEf"}
    fitting = replace(await container(MODEL, HOSTING), secrets=given)

    asked = stack(site, MODEL, HOSTING, 1, fitting)

    values = {each["ParameterKey"]: each["ParameterValue"] for each in asked["Parameters"]}
    assert values[Parameter.SECRETS] == f"{secrets}hub-??????,{secrets}other-AbCdEf"
