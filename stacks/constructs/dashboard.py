"""A dashboard of one plane: its alarms, how much is going on, and what each rule looks at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from deployment.config.deployment import DeploymentConfig
from stacks.constructs.alarm import Alarm
from stacks.constructs.traffic import Graph, traffic_of
from stacks.constructs.watched import Plane, Watched

COLUMNS: Final = 24
WIDE: Final = 8
HIGH: Final = 6
LIST_HIGH: Final = 4
FROM: Final = "-PT12H"

Widget = dict[str, Any]
Made = Sequence[tuple[Alarm, str]]  # with their ARNs


def add_dashboard(
    stack: cdk.Stack, config: DeploymentConfig, plane: Plane, watched: Watched, made: Made
) -> None:
    """Add the dashboard of this plane, with the alarms that belong to it."""
    graphs = [*traffic_of(stack, config, plane, watched), *_graphs(made)]
    body = {
        "start": FROM,
        "widgets": [_list_of(plane, made), *_placed(graphs, stack.region)],
    }
    cloudwatch.CfnDashboard(
        stack,
        f"Dashboard-{plane}",
        dashboard_name=config.stack_name(plane),
        dashboard_body=stack.to_json_string(body),
    )


def _list_of(plane: Plane, made: Made) -> Widget:
    told = {"title": f"Alarms: {plane}", "alarms": [arn for _, arn in made]}
    return {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": COLUMNS,
        "height": LIST_HIGH,
        "properties": told,
    }


def _placed(graphs: Sequence[Graph], region: str) -> Iterator[Widget]:
    in_a_row = COLUMNS // WIDE
    for number, graph in enumerate(graphs):
        row, column = divmod(number, in_a_row)
        yield {
            "type": "metric",
            "x": column * WIDE,
            "y": LIST_HIGH + row * HIGH,
            "width": WIDE,
            "height": HIGH,
            "properties": {
                "title": graph.title,
                "view": "timeSeries",
                "region": region,
                "period": graph.period,
                "metrics": graph.metrics,
                **({"annotations": graph.annotations} if graph.annotations else {}),
            },
        }


def _graphs(made: Made) -> Iterator[Graph]:
    """Yield a graph for each rule: a line for each thing that it is about, and the threshold."""
    by_rule: dict[str, list[Alarm]] = {}
    for alarm, _ in made:
        by_rule.setdefault(alarm.rule.heading, []).append(alarm)
    for heading, alarms in by_rule.items():
        lines = [line for number, each in enumerate(alarms) for line in _lines(each, number)]
        limits = {each.least for each in alarms}
        shown = {"horizontal": [{"value": limits.pop()}]} if len(limits) == 1 else {}
        period = min(alarm.period for alarm in alarms)
        yield Graph(heading, lines, period, shown)


def _lines(alarm: Alarm, number: int) -> Iterator[list[Any]]:
    """Yield what draws one line; what an expression is made of isn't drawn itself."""
    rule, stat = alarm.rule, {"stat": alarm.rule.statistic}
    if not alarm.expression:
        yield [*_metric(alarm, rule.metrics[0]), {**stat, "label": alarm.subject}]
        return
    ids = {name: f"{name.lower()}{number}" for name in rule.metrics}
    if not alarm.query:
        for name, known in ids.items():
            yield [*_metric(alarm, name), {**stat, "id": known, "visible": False}]
    whole: Mapping[str, Any] = {
        "expression": alarm.query or rule.expression.format(**ids),
        "label": alarm.subject,
        "id": f"whole{number}",
    }
    yield [whole]


def _metric(alarm: Alarm, name: str) -> list[str]:
    where = [part for pair in alarm.dimensions.items() for part in pair]
    return [alarm.rule.namespace, name, *where]
