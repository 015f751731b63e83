"""An alarm: a rule about something that is watched, as CloudWatch wants it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.constructs.alarm_rule import Rule
from stacks.constructs.watched import Plane

SECONDS: Final = 60  # of a minute


@dataclass(frozen=True)
class Alarm:
    """One thing that one rule is about.

    `threshold` and `minutes` take the place of the rule's; a `query` is asked for the metric where
    nobody could name it.
    """

    plane: Plane
    rule: Rule
    subject: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    threshold: float | None = None
    minutes: int | None = None
    query: str = ""

    @property
    def least(self) -> float:
        """Return the value from which, or below which, it goes off."""
        return self.rule.threshold if self.threshold is None else self.threshold

    @property
    def period(self) -> int:
        """Return over how many seconds it is measured."""
        return SECONDS * (self.minutes or self.rule.minutes)

    @property
    def expression(self) -> str:
        """Return what makes one value of several metrics; empty where there is only one."""
        names = {each: each.lower() for each in self.rule.metrics}
        return self.query or self.rule.expression.format(**names)


def make_alarm(scope: Construct, alarm: Alarm, topic: str) -> str:
    """Make it, and return its ARN."""
    rule = alarm.rule
    operator = "LessThan" if rule.below else "GreaterThanOrEqualTo"
    made = cloudwatch.CfnAlarm(
        scope,
        _one_word(f"{alarm.subject} {rule.heading}"),  # which begins its name, and each message
        alarm_description=rule.description(alarm.subject),
        threshold=alarm.least,
        comparison_operator=f"{operator}Threshold",
        evaluation_periods=rule.times,
        treat_missing_data=rule.missing,
        alarm_actions=[topic],
        ok_actions=[topic],
        **_measured(alarm),
    )
    return made.attr_arn


def _one_word(text: str) -> str:
    return "".join(word.capitalize() for word in re.findall(r"[A-Za-z]+", text))


def _measured(alarm: Alarm) -> dict[str, Any]:
    if alarm.expression:
        return {"metrics": [*_parts(alarm), _whole(alarm)]}
    percentile = alarm.rule.statistic.startswith("p")
    return {
        "namespace": alarm.rule.namespace,
        "metric_name": alarm.rule.metrics[0],
        "dimensions": _dimensions(alarm),
        "period": alarm.period,
        "extended_statistic" if percentile else "statistic": alarm.rule.statistic,
    }


def _parts(alarm: Alarm) -> list[cloudwatch.CfnAlarm.MetricDataQueryProperty]:
    if alarm.query:
        return []
    rule, query = alarm.rule, cloudwatch.CfnAlarm.MetricDataQueryProperty
    return [
        query(
            id=name.lower(),
            return_data=False,
            metric_stat=cloudwatch.CfnAlarm.MetricStatProperty(
                metric=cloudwatch.CfnAlarm.MetricProperty(
                    namespace=rule.namespace, metric_name=name, dimensions=_dimensions(alarm)
                ),
                period=alarm.period,
                stat=rule.statistic,
            ),
        )
        for name in rule.metrics
    ]


def _whole(alarm: Alarm) -> cloudwatch.CfnAlarm.MetricDataQueryProperty:
    return cloudwatch.CfnAlarm.MetricDataQueryProperty(
        id="whole",
        expression=alarm.expression,
        period=alarm.period if alarm.query else None,
        return_data=True,
    )


def _dimensions(alarm: Alarm) -> list[cloudwatch.CfnAlarm.DimensionProperty]:
    return [
        cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value)
        for name, value in alarm.dimensions.items()
    ]
