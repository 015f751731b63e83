"""The balancer of a model, and who is told when its replicas aren't well."""

from typing import Final

import aws_cdk as cdk

from lisa.declared.engine_options.engine import Engine
from lisa.declared.model_stack import CALLS_PORT, Parameter
from stacks.constructs import model_parameters as given
from stacks.constructs.alarm_rule import Rule
from stacks.constructs.alarm_rules import MODEL_FAILS, REPLICA_IS_UNWELL
from stacks.constructs.model_parameters import Intrinsic, either, ref
from stacks.constructs.model_resource import add, of, sub

BALANCING: Final = "AWS::ElasticLoadBalancingV2"
SECONDS: Final = 60  # of a minute


def add_front(stack: cdk.Stack, engine: Engine) -> None:
    """Add a balancer that only the gateway reaches; it costs nothing while the model is stopped."""
    add(stack, "Balancer", f"{BALANCING}::LoadBalancer", _balancer(), condition=given.RUNS)
    add(stack, "Targets", f"{BALANCING}::TargetGroup", _targets(engine), condition=given.RUNS)
    add(
        stack,
        "Listener",
        f"{BALANCING}::Listener",
        {
            "LoadBalancerArn": {"Ref": "Balancer"},
            "Port": CALLS_PORT,
            "Protocol": "HTTP",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}],
        },
        condition=given.RUNS,
    )


def add_alarms(stack: cdk.Stack) -> None:
    """Tell the topic of replicas that aren't well, and of calls that fail."""
    _alarm(stack, "Unwell", REPLICA_IS_UNWELL)
    _alarm(stack, "Failing", MODEL_FAILS)


def dimensions() -> list[Intrinsic]:
    """Name the balancer and its targets as metrics do."""
    return [
        {"Name": "LoadBalancer", "Value": of("Balancer", "LoadBalancerFullName")},
        {"Name": "TargetGroup", "Value": of("Targets", "TargetGroupFullName")},
    ]


def _balancer() -> Intrinsic:
    return {
        "Type": "application",
        "Scheme": "internal",
        "Subnets": ref(Parameter.SUBNETS),
        "SecurityGroups": [of("BalancerGroup", "GroupId")],
        "LoadBalancerAttributes": [
            _attribute("idle_timeout.timeout_seconds", ref(Parameter.IDLE_SECONDS)),
            _attribute("routing.http.drop_invalid_header_fields.enabled", "true"),
        ],
    }


def _targets(engine: Engine) -> Intrinsic:
    return {
        "VpcId": ref(Parameter.VPC),
        "TargetType": "ip",
        "Protocol": "HTTP",
        "Port": engine.port,
        "HealthCheckPath": ref(Parameter.HEALTH_PATH),
        "HealthCheckIntervalSeconds": ref(Parameter.HEALTH_INTERVAL),
        "HealthCheckTimeoutSeconds": ref(Parameter.HEALTH_TIMEOUT),
        "HealthyThresholdCount": ref(Parameter.HEALTHY_AFTER),
        "UnhealthyThresholdCount": ref(Parameter.UNHEALTHY_AFTER),
        "Matcher": {"HttpCode": "200"},
        "TargetGroupAttributes": [
            _attribute("load_balancing.algorithm.type", "least_outstanding_requests"),
            _attribute("deregistration_delay.timeout_seconds", ref(Parameter.DRAIN_SECONDS)),
        ],
    }


def _attribute(key: str, value: object) -> Intrinsic:
    return {"Key": key, "Value": value}


def _alarm(stack: cdk.Stack, name: str, rule: Rule) -> None:
    told = either(given.HAS_TOPIC, [ref(Parameter.TOPIC)])
    add(
        stack,
        name,
        "AWS::CloudWatch::Alarm",
        {
            "AlarmDescription": sub(rule.description("the model ${Model}")),
            "Namespace": rule.namespace,
            "MetricName": rule.metrics[0],
            "Dimensions": dimensions(),
            "Statistic": rule.statistic,
            "Period": SECONDS * rule.minutes,
            "EvaluationPeriods": rule.times,
            "Threshold": rule.threshold,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": rule.missing,
            "AlarmActions": told,
            "OKActions": told,
        },
        condition=given.RUNS,
    )
