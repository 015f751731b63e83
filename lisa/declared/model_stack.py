"""The stack of one model as both sides know it: its parameters, outputs and marks."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from lisa.domain.frozen import Frozen
from lisa.domain.hosting import EngineName

# Every resource bears it with the model's id; leftovers are found by it.
TAG: Final = "lisa:model"
DEPLOYMENT_TAG: Final = "lisa:deployment"
CONTAINER: Final = "engine"
WEIGHTS_FOLDER: Final = "/weights"
CALLS_PORT: Final = 80
WAITING_METRIC: Final = "WaitingPerReplica"
# The resources that are completed before a stack is made, with a container and what is planned.
TASK: Final = "Task"
LIMITS: Final = "Limits"


class Parameter(StrEnum):
    """What a template asks for."""

    MODEL = "Model"
    DEPLOYMENT = "Deployment"
    VPC = "Vpc"
    SUBNETS = "Subnets"
    GATEWAY_GROUP = "GatewayGroup"
    TOPIC = "Topic"
    BOUNDARY = "Boundary"
    KEY = "Key"
    AMI = "Ami"
    IMAGE = "Image"
    REPOSITORY = "Repository"
    SECRETS = "Secrets"
    WEIGHTS_BUCKET = "WeightsBucket"
    WEIGHTS_PREFIX = "WeightsPrefix"
    INSTANCE_TYPE = "InstanceType"
    GPUS = "Gpus"
    DISK_GB = "DiskGb"
    SHARED_MEMORY_MB = "SharedMemoryMb"
    REPLICAS = "Replicas"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    MAX_INSTANCES = "MaxInstances"
    METRIC = "Metric"
    TARGET = "Target"
    COOLDOWN_SECONDS = "CooldownSeconds"
    WARMUP_SECONDS = "WarmupSeconds"
    HEALTH_PATH = "HealthPath"
    HEALTH_INTERVAL = "HealthInterval"
    HEALTH_TIMEOUT = "HealthTimeout"
    HEALTHY_AFTER = "HealthyAfter"
    UNHEALTHY_AFTER = "UnhealthyAfter"
    START_SECONDS = "StartSeconds"
    DRAIN_SECONDS = "DrainSeconds"
    IDLE_SECONDS = "ConnectionIdleSeconds"
    LOG_DAYS = "LogDays"


class Output(StrEnum):
    """What a stack tells of itself."""

    ADDRESS = "Address"
    CLUSTER = "ClusterName"
    SERVICE = "ServiceName"
    TARGETS = "TargetsArn"
    LOG_GROUP = "LogGroupName"


class Site(Frozen):
    """Where a deployment puts the stacks of its models; whoever only looks needs only its name.

    `role` is what CloudFormation acts as, `boundary` what no role of a model gets beyond; `key` is
    the ARN of what logs and secrets are encrypted with, if not with AWS's own.
    `templates` and `images` are those of the engines: each template's key in `template_bucket`, and
    the image in place of the engine's own.
    """

    deployment: str
    arns: str = ""  # how ARNs of this account go on after their service: `REGION:ACCOUNT`
    partition: str = "aws"
    vpc: str = ""
    subnets: tuple[str, ...] = ()
    gateway_group: str = ""
    role: str = ""
    topic: str = ""
    boundary: str = ""
    key: str = ""
    template_bucket: str = ""
    templates: Mapping[EngineName, str] = {}
    images: Mapping[EngineName, str] = {}
    drain_seconds: int = 300
    connection_idle_seconds: int = 660
    log_days: int = 30


_AMIS: Final = "/aws/service/ecs/optimized-ami/amazon-linux-2023"
GPU_AMI: Final = f"{_AMIS}/gpu/recommended/image_id"
CPU_AMI: Final = f"{_AMIS}/recommended/image_id"


def stacks_of(deployment: str) -> str:
    """Return how the names of a deployment's models' stacks begin, and of what is in them."""
    return f"{deployment}-model-"


def template_name(engine: EngineName) -> str:
    """Return the file that holds an engine's template."""
    return f"model-{engine.value.replace('.', '-')}.template.json"
