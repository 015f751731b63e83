"""What makes a model's replicas more or fewer: requests, latency, or the engine's queue."""

from typing import Final

import aws_cdk as cdk

from lisa.declared.metrics import models_metrics
from lisa.declared.model_stack import LIMITS, WAITING_METRIC, Parameter
from stacks.constructs import model_parameters as given
from stacks.constructs.model_front import dimensions
from stacks.constructs.model_parameters import Intrinsic, follows, ref
from stacks.constructs.model_resource import add, of, sub

SCALING: Final = "AWS::ApplicationAutoScaling"


def add_scaling(stack: cdk.Stack) -> None:
    """Add the limits, and a policy for each metric; only the chosen one comes to be."""
    add(
        stack,
        LIMITS,
        f"{SCALING}::ScalableTarget",
        {
            "ServiceNamespace": "ecs",
            "ScalableDimension": "ecs:service:DesiredCount",
            "ResourceId": {
                "Fn::Join": ["/", ["service", {"Ref": "Cluster"}, of("Service", "Name")]]
            },
            "MinCapacity": ref(Parameter.MINIMUM),
            "MaxCapacity": ref(Parameter.MAXIMUM),
        },
        condition=given.RUNS,
    )
    for metric, measured in _metrics().items():
        _policy(stack, metric, measured)


def _metrics() -> dict[str, Intrinsic]:
    label = "${Balancer.LoadBalancerFullName}/${Targets.TargetGroupFullName}"
    return {
        "requests": {
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ALBRequestCountPerTarget",
                "ResourceLabel": sub(label),
            }
        },
        "latency": _custom("AWS/ApplicationELB", "TargetResponseTime", dimensions()),
        "queue": _custom(
            sub(models_metrics("${Deployment}")),
            WAITING_METRIC,
            [{"Name": "Model", "Value": ref(Parameter.MODEL)}],
        ),
    }


def _custom(namespace: str | Intrinsic, name: str, where: list[Intrinsic]) -> Intrinsic:
    measured = {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": where,
        "Statistic": "Average",
    }
    return {"CustomizedMetricSpecification": measured}


def _policy(stack: cdk.Stack, metric: str, measured: Intrinsic) -> None:
    add(
        stack,
        f"By{metric.capitalize()}",
        f"{SCALING}::ScalingPolicy",
        {
            "PolicyName": sub(f"${{AWS::StackName}}-{metric}"),
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": {"Ref": LIMITS},
            "TargetTrackingScalingPolicyConfiguration": {
                **measured,
                "TargetValue": ref(Parameter.TARGET),
                "ScaleInCooldown": ref(Parameter.COOLDOWN_SECONDS),
                "ScaleOutCooldown": ref(Parameter.COOLDOWN_SECONDS),
            },
        },
        condition=follows(metric),
    )
