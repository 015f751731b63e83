"""Who may do what in a model's stack, and who may speak to whom."""

from collections.abc import Sequence
from typing import Any, Final

import aws_cdk as cdk

from lisa.declared.engine_options.engine import Engine
from lisa.declared.metrics import models_metrics
from lisa.declared.model_stack import CALLS_PORT, Parameter
from stacks.constructs import model_parameters as given
from stacks.constructs.model_parameters import Intrinsic, either, ref
from stacks.constructs.model_resource import add, of, sub

HTTPS: Final = 443
# Names are cut short where they are long, paths never are: who makes roles is bound to one.
ROLE_PATH: Final = "/${Deployment}/models/"
GROUP: Final = "AWS::EC2::SecurityGroup"
PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability")


def role_path(deployment: str) -> str:
    """Return the path of all roles of a deployment's models."""
    return ROLE_PATH.replace("${Deployment}", deployment)


def add_roles(stack: cdk.Stack) -> None:
    """Add the roles of the engine, of what starts it, and of the machine."""
    _role(
        stack,
        "TaskRole",
        "ecs-tasks",
        [
            _policy("queue", _tells_of_its_queue()),
            either(given.HAS_WEIGHTS, _policy("weights", _reads_weights())),
        ],
    )
    _role(
        stack,
        "StartRole",
        "ecs-tasks",
        [_policy("start", _starts())],
    )
    _role(stack, "InstanceRole", "ec2", [_policy("agent", _agent())])
    profile = {"Path": sub(ROLE_PATH), "Roles": [{"Ref": "InstanceRole"}]}
    add(stack, "InstanceProfile", "AWS::IAM::InstanceProfile", profile)


def add_groups(stack: cdk.Stack, engine: Engine) -> None:
    """Let the gateway reach the balancer, it the engine, and nobody anything else."""
    calls_out = [_way("CidrIp", "0.0.0.0/0", HTTPS, "images, weights and the services of AWS")]
    _group(stack, "InstanceGroup", "The machines of a model", calls_out)
    _group(stack, "EngineGroup", "The engine of a model", calls_out)
    gateway = _way("SourceSecurityGroupId", ref(Parameter.GATEWAY_GROUP), CALLS_PORT, "the gateway")
    # Its own way out is a resource beside it; without this one it would have every way out.
    nowhere = _way("CidrIp", "127.0.0.1/32", CALLS_PORT, "nowhere else")
    _group(stack, "BalancerGroup", "The balancer of a model", [nowhere], [gateway])
    pair = {"FromPort": engine.port, "ToPort": engine.port, "IpProtocol": "tcp"}
    add(
        stack,
        "BalancerToEngine",
        f"{GROUP}Egress",
        {
            "GroupId": of("BalancerGroup", "GroupId"),
            "DestinationSecurityGroupId": of("EngineGroup", "GroupId"),
            **pair,
        },
    )
    add(
        stack,
        "EngineFromBalancer",
        f"{GROUP}Ingress",
        {
            "GroupId": of("EngineGroup", "GroupId"),
            "SourceSecurityGroupId": of("BalancerGroup", "GroupId"),
            **pair,
        },
    )


def _role(stack: cdk.Stack, name: str, service: str, policies: object) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    add(
        stack,
        name,
        "AWS::IAM::Role",
        {
            "Path": sub(ROLE_PATH),
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "PermissionsBoundary": either(given.HAS_BOUNDARY, ref(Parameter.BOUNDARY)),
            "Policies": policies,
        },
    )


def _policy(name: str, statements: Sequence[Intrinsic]) -> Intrinsic:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"PolicyName": name, "PolicyDocument": document}


def _allow(actions: Sequence[str], resource: object, **more: object) -> Intrinsic:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def _tells_of_its_queue() -> Sequence[Intrinsic]:
    ours = {"StringEquals": {"cloudwatch:namespace": sub(models_metrics("${Deployment}"))}}
    return (_allow(["cloudwatch:PutMetricData"], "*", Condition=ours),)  # it knows no resource


def _reads_weights() -> Sequence[Intrinsic]:
    bucket = "arn:${AWS::Partition}:s3:::${WeightsBucket}"
    inside = {"StringLike": {"s3:prefix": [sub("${WeightsPrefix}"), sub("${WeightsPrefix}/*")]}}
    return (
        _allow(["s3:GetObject"], sub(f"{bucket}/${{WeightsPrefix}}/*")),
        _allow(["s3:ListBucket"], sub(bucket), Condition=inside),
    )


def _starts() -> Sequence[Intrinsic]:
    login = _allow(["ecr:GetAuthorizationToken"], "*")  # it knows no resource
    secrets = ("secretsmanager:GetSecretValue", "ssm:GetParameters")
    return (
        _allow(["logs:CreateLogStream", "logs:PutLogEvents"], of("Logs", "Arn")),
        either(given.HAS_REPOSITORY, login),
        either(given.HAS_REPOSITORY, _allow(PULL, ref(Parameter.REPOSITORY))),
        either(given.HAS_SECRETS, _allow(secrets, ref(Parameter.SECRETS))),
        either(given.HAS_KEY, _opens_secrets()),
    )


def _opens_secrets() -> Intrinsic:
    through = {"StringLike": {"kms:ViaService": sub("secretsmanager.${AWS::Region}.*")}}
    return _allow(["kms:Decrypt"], ref(Parameter.KEY), Condition=through)


def _agent() -> Sequence[Intrinsic]:
    cluster = of("Cluster", "Arn")
    mine: dict[str, Any] = {"Condition": {"ArnEquals": {"ecs:cluster": cluster}}}
    return (
        _allow(
            [
                "ecs:RegisterContainerInstance",
                "ecs:DeregisterContainerInstance",
                "ecs:SubmitAttachmentStateChanges",
                "ecs:SubmitContainerStateChange",
                "ecs:SubmitTaskStateChange",
            ],
            cluster,
        ),
        _allow(["ecs:Poll", "ecs:StartTelemetrySession"], "*", **mine),
        _allow(["ecs:DiscoverPollEndpoint"], "*"),  # it knows no resource
    )


def _group(
    stack: cdk.Stack,
    name: str,
    words: str,
    ways_out: Sequence[Intrinsic],
    ways_in: Sequence[Intrinsic] = (),
) -> None:
    properties: dict[str, Any] = {
        "GroupDescription": words,
        "VpcId": ref(Parameter.VPC),
        "SecurityGroupEgress": list(ways_out),
    }
    if ways_in:
        properties["SecurityGroupIngress"] = list(ways_in)
    add(stack, name, GROUP, properties)


def _way(field: str, who: object, port: int, words: str) -> Intrinsic:
    ports = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    return {field: who, **ports, "Description": words}
