"""How much is going on in a plane, well or not: what no alarm looks at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import aws_cdk as cdk

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import STAGE
from lisa.declared.metrics import calls_metrics, models_metrics
from lisa.declared.model_stack import WAITING_METRIC
from stacks.constructs.parameters import look_up
from stacks.constructs.watched import Plane, Watched, plane_of

PERIOD: Final = 300


@dataclass(frozen=True)
class Graph:
    """A graph as a dashboard's body has it."""

    title: str
    metrics: list[list[Any]]
    period: int = PERIOD
    annotations: dict[str, Any] = field(default_factory=dict)


def traffic_of(
    stack: cdk.Stack, config: DeploymentConfig, plane: Plane, watched: Watched
) -> Iterator[Graph]:
    """Yield what tells how much is going on."""
    if plane is Plane.CONTROL and watched.api:
        where = ["ApiName", config.stack_name("api"), "Stage", STAGE]
        calls = [["AWS/ApiGateway", each, *where, _sum()] for each in ("Count", "4XXError")]
        yield Graph("Calls of the control API", calls)
    runs = [
        ["AWS/Lambda", "Invocations", "FunctionName", config.stack_name(each.name), _sum(each.name)]
        for each in watched.doors
        if plane_of(each) is plane
    ]
    if runs:
        yield Graph("Runs of functions", runs)
    if plane is Plane.INFERENCE:
        yield from _of_inference(config)
        if called := [*_behind_balancers(stack, config, watched)]:
            yield Graph("Calls by service", called)
    if plane is Plane.MODELS:
        namespace = models_metrics(config.full_name)
        waiting = f'{{"{namespace}",Model}} MetricName="{WAITING_METRIC}"'
        yield Graph("Calls that wait, for each replica of a model", [_search(waiting, "Average")])


def _of_inference(config: DeploymentConfig) -> Iterator[Graph]:
    """Yield what the gateway writes down of every call, by model."""
    namespace = calls_metrics(config.full_name)
    for title, metric, statistic in (
        ("Calls by model", "requests", "Sum"),
        ("Failed calls by model", "errors", "Sum"),
        ("Milliseconds until the first byte, p95", "first_byte_ms", "p95"),
        ("Tokens read", "prompt_tokens", "Sum"),
        ("Tokens written", "completion_tokens", "Sum"),
        ("Cost", "cost", "Sum"),
    ):
        yield Graph(title, [_search(f'{{"{namespace}",model}} MetricName="{metric}"', statistic)])


def _behind_balancers(
    stack: cdk.Stack, config: DeploymentConfig, watched: Watched
) -> Iterator[list[Any]]:
    for service in watched.services:
        if service.port:
            front = look_up(stack, config, f"service/{service.name}/balancer")
            where = ["LoadBalancer", front]
            yield ["AWS/ApplicationELB", "RequestCount", *where, _sum(service.name)]


def _search(what: str, statistic: str) -> list[Any]:
    return [{"expression": f"SEARCH('{what}', '{statistic}', {PERIOD})", "id": "all"}]


def _sum(label: str = "") -> dict[str, str]:
    return {"stat": "Sum", **({"label": label} if label else {})}
