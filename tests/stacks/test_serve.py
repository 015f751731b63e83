import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from deployment.config.services import LiteLLMConfig
from lisa.declared.entry_points import Service
from lisa.declared.services import LITELLM, SERVE, SERVICES
from stacks.deployment import compose
from tests.stacks.conftest import WITH_INFERENCE, context
from tests.stacks.resources import listed, of_type, statements_of, text
from tests.stacks.test_functions import HERE, declared_permissions

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/made-up"
DIGEST = "sha256:" + "0" * 64

every_service = pytest.mark.parametrize("service", SERVICES, ids=lambda each: str(each.name))
every_called_service = pytest.mark.parametrize(
    "service", [each for each in SERVICES if each.port], ids=lambda each: str(each.name)
)


def with_serve(**chosen: Any) -> DeploymentConfig:
    config = read_config(WITH_INFERENCE)
    return config.model_copy(update={"serve": config.serve.model_copy(update=chosen)})


def only(template: Mapping[str, Any], kind: str) -> dict[str, Any]:
    [found] = of_type(template, kind).values()
    return dict(found["Properties"])


def container_of(template: Mapping[str, Any]) -> dict[str, Any]:
    [container] = only(template, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    return dict(container)


def attributes(found: Mapping[str, Any], field: str) -> dict[str, Any]:
    return {each["Key"]: each["Value"] for each in found[field]}


def allowed_to(template: Mapping[str, Any], role: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {
        (action, text(resource))
        for statement in statements_of(template, role["Fn::GetAtt"][0])
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def models_of_the_example() -> Iterator[tuple[str, str]]:
    bedrock = "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/amazon.nova-lite-v1:0"
    endpoint = f"arn:${{AWS::Partition}}:sagemaker:{HERE}:endpoint/summaries"
    both = (("bedrock:InvokeModel", bedrock), ("sagemaker:InvokeEndpoint", endpoint))
    for action, resource in both:
        yield action, resource
        yield f"{action}WithResponseStream", resource


@every_service
def test_the_environment_has_exactly_the_fields_of_the_settings_class(
    templates: Mapping[str, Any], service: Service
) -> None:
    environment = container_of(templates[service.name])["Environment"]

    fields = {f"LISA_{field.upper()}" for field in service.settings.model_fields}
    assert {each["Name"] for each in environment} == fields


@every_service
def test_the_role_may_do_exactly_what_is_declared_and_what_the_configuration_lists(
    templates: Mapping[str, Any], service: Service
) -> None:
    template = templates[service.name]
    shared = {("secretsmanager:GetSecretValue", "${SecretsLitellm}")}
    also: set[tuple[str, str]] = shared if service.port else set()
    if service is SERVE:
        also.add(("lambda:InvokeFunction", "${DoorWake}"))
    if service is LITELLM:
        also |= set(models_of_the_example())

    role = only(template, "AWS::ECS::TaskDefinition")["TaskRoleArn"]
    assert allowed_to(template, role) == set(declared_permissions(service)) | also


def test_without_a_list_of_models_the_litellm_service_may_call_none(
    synthesise: Synthesise,
) -> None:
    config = read_config(WITH_INFERENCE).model_copy(update={"litellm": LiteLLMConfig()})
    template = synthesise(config)["litellm"]

    role = only(template, "AWS::ECS::TaskDefinition")["TaskRoleArn"]
    services = {action.split(":")[0] for action, _ in allowed_to(template, role)}
    assert services == {"secretsmanager"}


@every_service
def test_a_container_can_change_nothing_but_its_tmp_and_is_asked_how_it_is(
    templates: Mapping[str, Any], service: Service
) -> None:
    container = container_of(templates[service.name])

    assert container["ReadonlyRootFilesystem"] is True
    assert container["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
    assert [each["ContainerPath"] for each in container["MountPoints"]] == ["/tmp"]  # noqa: S108 - the task's own
    asked = f":{service.port}{service.health_path}'" if service.port else "ingest.pulse"
    assert asked in container["HealthCheck"]["Command"][-1]
    assert container["LogConfiguration"]["LogDriver"] == "awslogs"
    assert "Secrets" not in container


@every_called_service
def test_tasks_have_private_addresses_a_circuit_breaker_and_a_place_behind_the_balancer(
    templates: Mapping[str, Any], service: Service
) -> None:
    found = only(templates[service.name], "AWS::ECS::Service")
    [behind] = found["LoadBalancers"]
    network = found["NetworkConfiguration"]["AwsvpcConfiguration"]

    assert found["DeploymentConfiguration"]["DeploymentCircuitBreaker"] == {
        "Enable": True,
        "Rollback": True,
    }
    assert behind["ContainerPort"] == service.port
    assert network.get("AssignPublicIp", "DISABLED") == "DISABLED"
    assert {subnet["Ref"] for subnet in network["Subnets"]} == {
        "NetworkPrivateSubnet0",
        "NetworkPrivateSubnet1",
    }
    assert "DesiredCount" not in found


@every_called_service
def test_a_task_that_is_told_to_stop_has_time_to_finish(
    templates: Mapping[str, Any], service: Service
) -> None:
    targets = attributes(
        only(templates[service.name], "AWS::ElasticLoadBalancingV2::TargetGroup"),
        "TargetGroupAttributes",
    )

    assert targets["deregistration_delay.timeout_seconds"] == "110"
    assert container_of(templates[service.name])["StopTimeout"] == 120


def test_the_gateway_keeps_connections_longer_than_its_balancer(
    templates: Mapping[str, Any],
) -> None:
    balancer = attributes(
        only(templates["serve"], "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        "LoadBalancerAttributes",
    )
    told = {each["Name"]: each["Value"] for each in container_of(templates["serve"])["Environment"]}

    assert int(told["LISA_SERVE_IDLE_SECONDS"]) > int(balancer["idle_timeout.timeout_seconds"])
    configured, ours = json.loads(text(told["LISA_SERVE_ORIGINS"]))
    assert (configured, ours) == ("https://lisa.example.com", "${ApiOrigin}")
    assert told["LISA_SERVE_WORKERS"] == "2"


@every_called_service
def test_balancers_log_into_a_bucket_that_only_they_write(
    templates: Mapping[str, Any], service: Service
) -> None:
    template = templates[service.name]
    balancer = only(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")
    told = attributes(balancer, "LoadBalancerAttributes")
    statements = only(template, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    [allowed] = [each for each in statements if each["Effect"] == "Allow"]
    [bucket] = of_type(template, "AWS::S3::Bucket")

    assert balancer["Scheme"] == "internal"
    assert told["access_logs.s3.enabled"] == "true"
    assert told["access_logs.s3.bucket"] == {"Ref": bucket}
    assert told["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert told["deletion_protection.enabled"] == "true"
    assert allowed["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}


@every_called_service
def test_tasks_follow_the_processor_and_the_requests(
    templates: Mapping[str, Any], service: Service
) -> None:
    policies = of_type(templates[service.name], "AWS::ApplicationAutoScaling::ScalingPolicy")

    assert {
        policy["Properties"]["TargetTrackingScalingPolicyConfiguration"][
            "PredefinedMetricSpecification"
        ]["PredefinedMetricType"]
        for policy in policies.values()
    } == {"ECSServiceAverageCPUUtilization", "ALBRequestCountPerTarget"}


def test_litellm_has_a_cluster_of_its_own_on_instances_that_keep_their_role_to_themselves(
    templates: Mapping[str, Any],
) -> None:
    litellm = templates["litellm"]
    template = only(litellm, "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]
    started = json.dumps(template["UserData"])

    assert only(litellm, "AWS::ECS::TaskDefinition")["RequiresCompatibilities"] == ["EC2"]
    assert "LaunchType" not in only(litellm, "AWS::ECS::Service")
    assert len(of_type(litellm, "AWS::ECS::Cluster")) == 1
    assert template["MetadataOptions"]["HttpTokens"] == "required"
    assert template["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert "ECS_AWSVPC_BLOCK_IMDS=true" in started


@pytest.mark.parametrize(("launch", "compatible"), [("fargate", "FARGATE"), ("ec2", "EC2")])
def test_the_gateway_runs_on_what_is_configured(
    synthesise: Synthesise, launch: str, compatible: str
) -> None:
    serve = synthesise(with_serve(launch=launch))["serve"]

    task = only(serve, "AWS::ECS::TaskDefinition")
    assert task["RequiresCompatibilities"] == [compatible]
    assert bool(of_type(serve, "AWS::AutoScaling::AutoScalingGroup")) == (launch == "ec2")


def test_with_a_certificate_the_balancer_speaks_tls_only_also_to_the_internet(
    synthesise: Synthesise,
) -> None:
    chosen = with_serve(certificate=CERTIFICATE, plain_http="", facing="internet")
    stacks = synthesise(chosen)
    listener = only(stacks["serve"], "AWS::ElasticLoadBalancingV2::Listener")
    balancer = only(stacks["serve"], "AWS::ElasticLoadBalancingV2::LoadBalancer")

    assert (listener["Port"], listener["Protocol"]) == (443, "HTTPS")
    assert listener["Certificates"] == [{"CertificateArn": CERTIFICATE}]
    assert "TLS13" in listener["SslPolicy"]
    assert balancer["Scheme"] == "internet-facing"
    assert {subnet["Ref"] for subnet in balancer["Subnets"]} == {
        "NetworkPublicSubnet0",
        "NetworkPublicSubnet1",
    }
    assert "443" in json.dumps(of_type(stacks["network"], "AWS::EC2::SecurityGroup"))


@pytest.mark.parametrize(
    ("image", "pulls"),
    [
        (f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/lisa-serve@{DIGEST}", True),
        ("registry.example.com/lisa-serve:1", False),
    ],
)
def test_an_image_that_is_built_already_is_taken_as_it_is(
    synthesise: Synthesise, image: str, *, pulls: bool
) -> None:
    serve = synthesise(with_serve(image=image))["serve"]
    role = only(serve, "AWS::ECS::TaskDefinition")["ExecutionRoleArn"]
    resources = {
        resource for action, resource in allowed_to(serve, role) if action == "ecr:BatchGetImage"
    }

    assert text(container_of(serve)["Image"]).replace("${AWS::URLSuffix}", "amazonaws.com") == image
    named = "arn:${AWS::Partition}:ecr:eu-central-1:123456789012:repository/team/lisa-serve"
    assert resources == ({named} if pulls else set())


def test_a_deployment_without_inference_has_none_of_its_stacks(synthesise: Synthesise) -> None:
    assert not {"network", "serve", "litellm"} & set(synthesise(DeploymentConfig()))


def test_an_image_is_built_from_its_own_parts_of_the_checkout(tmp_path: Path) -> None:
    app = cdk.App(
        outdir=str(tmp_path),
        context=context(),
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )
    compose(app, read_config(WITH_INFERENCE))
    app.synth()

    for service in SERVICES:
        manifest = json.loads((tmp_path / f"lisa-dev-{service.name}.assets.json").read_text())
        [asset] = manifest["dockerImages"].values()
        folder = tmp_path / asset["source"]["directory"]
        parts = {path.relative_to(folder).as_posix() for path in folder.glob("*/*")}

        assert (folder / asset["source"]["dockerFile"]).is_file()
        assert asset["source"]["platform"] == "linux/amd64"
        assert {each.name for each in folder.iterdir()} == {"containers", "lisa", "requirements"}
        inside = {each for each in parts if each.startswith("containers/")}
        assert inside == {"containers/__init__.py", f"containers/{service.name}"}
        assert not list(folder.rglob("__pycache__"))
