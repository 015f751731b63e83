"""The engine as a container, and the service that keeps its replicas."""

from typing import Final

import aws_cdk as cdk

from lisa.declared.engine_options.engine import Engine
from lisa.declared.model_stack import CONTAINER, TASK, WEIGHTS_FOLDER, Parameter
from stacks.constructs import model_parameters as given
from stacks.constructs.model_fleet import HOST_FOLDER
from stacks.constructs.model_parameters import NOTHING, Intrinsic, either, ref
from stacks.constructs.model_resource import add, of

OPEN_FILES: Final = 65_536
# Only what a machine must have free; the engine may take all there is.
RESERVED_MB: Final = 1_024
SECONDS_TO_STOP: Final = 120


def add_task(stack: cdk.Stack, engine: Engine) -> None:
    """Add the log and the task. Command and environment are put in before a stack is made."""
    logs = {
        "RetentionInDays": ref(Parameter.LOG_DAYS),
        "KmsKeyId": either(given.HAS_KEY, ref(Parameter.KEY)),
    }
    add(stack, "Logs", "AWS::Logs::LogGroup", logs)
    add(
        stack,
        TASK,
        "AWS::ECS::TaskDefinition",
        {
            "RequiresCompatibilities": ["EC2"],
            "NetworkMode": "awsvpc",
            "TaskRoleArn": of("TaskRole", "Arn"),
            "ExecutionRoleArn": of("StartRole", "Arn"),
            "Volumes": [{"Name": "weights", "Host": {"SourcePath": HOST_FOLDER}}],
            "ContainerDefinitions": [_container(engine)],
        },
    )


def add_service(stack: cdk.Stack, engine: Engine) -> None:
    """Add what keeps as many replicas as are wanted, and replaces them without a gap."""
    network = {
        "Subnets": ref(Parameter.SUBNETS),
        "SecurityGroups": [of("EngineGroup", "GroupId")],
    }
    add(
        stack,
        "Service",
        "AWS::ECS::Service",
        {
            "Cluster": {"Ref": "Cluster"},
            "TaskDefinition": {"Ref": TASK},
            "DesiredCount": ref(Parameter.REPLICAS),
            "CapacityProviderStrategy": [{"CapacityProvider": {"Ref": "Capacity"}, "Weight": 1}],
            "NetworkConfiguration": {"AwsvpcConfiguration": network},
            "LoadBalancers": [
                {
                    "ContainerName": CONTAINER,
                    "ContainerPort": engine.port,
                    "TargetGroupArn": {"Ref": "Targets"},
                }
            ],
            "HealthCheckGracePeriodSeconds": ref(Parameter.START_SECONDS),
            "DeploymentConfiguration": {
                "MinimumHealthyPercent": 100,
                "MaximumPercent": 200,
                "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
            },
            "PlacementConstraints": _places(),
            "PropagateTags": "SERVICE",
            "EnableECSManagedTags": True,
        },
        condition=given.RUNS,
        after=("CapacityOfCluster", "Listener"),
    )


def _container(engine: Engine) -> Intrinsic:
    shared = either(given.HAS_SHARED_MEMORY, ref(Parameter.SHARED_MEMORY_MB))
    return {
        "Name": CONTAINER,
        "Image": ref(Parameter.IMAGE),
        "Essential": True,
        "Privileged": False,
        "MemoryReservation": RESERVED_MB,
        "ResourceRequirements": either(
            given.HAS_GPUS, [{"Type": "GPU", "Value": ref(Parameter.GPUS)}]
        ),
        "LinuxParameters": {
            "InitProcessEnabled": True,
            "SharedMemorySize": shared,
            "Capabilities": {"Drop": ["ALL"], **_added(engine)},
        },
        "PortMappings": [{"ContainerPort": engine.port, "Protocol": "tcp"}],
        "MountPoints": [{"SourceVolume": "weights", "ContainerPath": WEIGHTS_FOLDER}],
        "Ulimits": [{"Name": "nofile", "SoftLimit": OPEN_FILES, "HardLimit": OPEN_FILES}],
        "StopTimeout": SECONDS_TO_STOP,
        "LogConfiguration": {
            "LogDriver": "awslogs",
            "Options": {
                "awslogs-group": {"Ref": "Logs"},
                "awslogs-region": {"Ref": "AWS::Region"},
                "awslogs-stream-prefix": CONTAINER,
                # A log that isn't taken must not hold up calls.
                "mode": "non-blocking",
            },
        },
    }


def _added(engine: Engine) -> Intrinsic:
    return {"Add": sorted(engine.privileges)} if engine.privileges else {}


def _places() -> list[Intrinsic]:
    """Put new replicas on machines of the wanted type only; without GPUs, each on its own."""
    wanted = {"Fn::Sub": "attribute:ecs.instance-type == ${InstanceType}"}
    return [
        {"Type": "memberOf", "Expression": wanted},
        either(given.HAS_GPUS, NOTHING, {"Type": "distinctInstance"}),
    ]
