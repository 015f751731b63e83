"""What the template of a model asks for, and the conditions that follow from the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aws_cdk as cdk

from lisa.declared.engine_options.engine import Engine
from lisa.declared.model_stack import GPU_AMI, Parameter

Intrinsic = dict[str, Any]
NOTHING: Final[Intrinsic] = {"Ref": "AWS::NoValue"}

RUNS: Final = "Runs"
HAS_GPUS: Final = "HasGpus"
HAS_WEIGHTS: Final = "HasWeights"
HAS_REPOSITORY: Final = "HasRepository"
HAS_SECRETS: Final = "HasSecrets"
HAS_TOPIC: Final = "HasTopic"
HAS_BOUNDARY: Final = "HasBoundary"
HAS_KEY: Final = "HasKey"
HAS_SHARED_MEMORY: Final = "HasSharedMemory"
METRICS_TO_FOLLOW: Final = ("requests", "latency", "queue")


@dataclass(frozen=True)
class Asked:
    """One parameter; without a default it has to be given."""

    words: str
    default: str | None = None
    kind: str = "String"
    pattern: str | None = None
    allowed: tuple[str, ...] | None = None
    least: int | None = None


def _count(words: str, default: str | None = None, least: int = 0) -> Asked:
    return Asked(words, default, kind="Number", least=least)


ASKED: Final[Mapping[Parameter, Asked]] = {
    Parameter.MODEL: Asked("The model's id."),
    Parameter.DEPLOYMENT: Asked("The deployment; the paths of roles begin with it."),
    Parameter.VPC: Asked("The network.", kind="AWS::EC2::VPC::Id"),
    Parameter.SUBNETS: Asked("Its private subnets.", kind="List<AWS::EC2::Subnet::Id>"),
    Parameter.GATEWAY_GROUP: Asked("Who may call.", kind="AWS::EC2::SecurityGroup::Id"),
    Parameter.TOPIC: Asked("The topic that is told of alarms; may be empty."),
    Parameter.BOUNDARY: Asked("The boundary of all roles; may be empty."),
    Parameter.KEY: Asked("The ARN of the key; may be empty."),
    Parameter.AMI: Asked(
        "The parameter of AWS that names the machine image.",
        GPU_AMI,
        kind="AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
    ),
    Parameter.IMAGE: Asked("The engine's image."),
    Parameter.REPOSITORY: Asked("The ARN of its repository in ECR; empty elsewhere.", ""),
    Parameter.SECRETS: Asked(
        "The ARNs of the secrets that the engine is given.", "", kind="CommaDelimitedList"
    ),
    Parameter.WEIGHTS_BUCKET: Asked("The bucket of the weights; empty from a hub.", ""),
    Parameter.WEIGHTS_PREFIX: Asked("The prefix of the weights, without a slash at its end.", ""),
    Parameter.INSTANCE_TYPE: Asked("The machine."),
    Parameter.GPUS: Asked("GPUs of a replica.", "0", pattern="[0-9]{1,2}"),
    Parameter.DISK_GB: _count("The size of a machine's disk."),
    Parameter.SHARED_MEMORY_MB: _count("Shared memory of a replica; 0: as it comes."),
    Parameter.REPLICAS: _count("How many replicas to begin with; 0: none, at no cost."),
    Parameter.MINIMUM: _count("The fewest replicas."),
    Parameter.MAXIMUM: _count("The most replicas."),
    Parameter.MAX_INSTANCES: _count("The most machines."),
    Parameter.METRIC: Asked(
        "What makes replicas more or fewer.", METRICS_TO_FOLLOW[0], allowed=METRICS_TO_FOLLOW
    ),
    Parameter.TARGET: Asked("The value it is held at.", pattern="[0-9.]{1,16}"),
    Parameter.COOLDOWN_SECONDS: _count("The pause between changes."),
    Parameter.WARMUP_SECONDS: _count("Until a new machine counts."),
    Parameter.HEALTH_PATH: Asked("Where the engine tells that it is well."),
    Parameter.HEALTH_INTERVAL: _count("Seconds between questions.", least=5),
    Parameter.HEALTH_TIMEOUT: _count("Seconds that an answer may take.", least=2),
    Parameter.HEALTHY_AFTER: _count("Good answers until a replica is called.", least=2),
    Parameter.UNHEALTHY_AFTER: _count("Bad answers until it isn't.", least=2),
    Parameter.START_SECONDS: _count("Seconds that a replica may take to load its weights."),
    Parameter.DRAIN_SECONDS: _count("Seconds that calls may go on when a replica leaves.", "300"),
    Parameter.IDLE_SECONDS: _count("Seconds that a connection may be silent.", "660"),
    Parameter.LOG_DAYS: Asked("Days that logs are kept.", "30", allowed=("7", "30", "90", "365")),
}


def ref(parameter: Parameter) -> Intrinsic:
    """Return the value of a parameter."""
    return {"Ref": parameter.value}


def either(condition: str, then: object, otherwise: object = NOTHING) -> Intrinsic:
    """Return one thing or the other; by itself nothing at all."""
    return {"Fn::If": [condition, then, otherwise]}


def ask(stack: cdk.Stack, engine: Engine) -> None:
    """Add every parameter, with what the engine brings as the default."""
    brings = {Parameter.HEALTH_PATH: engine.health}
    for parameter, asked in ASKED.items():
        cdk.CfnParameter(
            stack,
            parameter.value,
            type=asked.kind,
            description=asked.words,
            default=brings.get(parameter, asked.default),
            allowed_pattern=asked.pattern,
            allowed_values=list(asked.allowed) if asked.allowed else None,
            min_value=asked.least,
        )


def follow(stack: cdk.Stack) -> None:
    """Add the conditions."""
    for name, parameter, empty in (
        (RUNS, Parameter.REPLICAS, 0),
        (HAS_GPUS, Parameter.GPUS, "0"),
        (HAS_WEIGHTS, Parameter.WEIGHTS_BUCKET, ""),
        (HAS_REPOSITORY, Parameter.REPOSITORY, ""),
        (HAS_TOPIC, Parameter.TOPIC, ""),
        (HAS_BOUNDARY, Parameter.BOUNDARY, ""),
        (HAS_KEY, Parameter.KEY, ""),
        (HAS_SHARED_MEMORY, Parameter.SHARED_MEMORY_MB, 0),
    ):
        given = cdk.Fn.condition_not(cdk.Fn.condition_equals(cdk.Fn.ref(parameter.value), empty))
        cdk.CfnCondition(stack, name, expression=given)
    secrets = cdk.Fn.join("", cdk.Token.as_list(ref(Parameter.SECRETS)))
    given = cdk.Fn.condition_not(cdk.Fn.condition_equals(secrets, ""))
    cdk.CfnCondition(stack, HAS_SECRETS, expression=given)
    for metric in METRICS_TO_FOLLOW:
        chosen = cdk.Fn.condition_equals(cdk.Fn.ref(Parameter.METRIC.value), metric)
        runs = cdk.Fn.condition_not(
            cdk.Fn.condition_equals(cdk.Fn.ref(Parameter.REPLICAS.value), 0)
        )
        cdk.CfnCondition(stack, follows(metric), expression=cdk.Fn.condition_and(runs, chosen))


def follows(metric: str) -> str:
    """Name the condition that a model runs and is scaled by this metric."""
    return f"Follows{metric.capitalize()}"
