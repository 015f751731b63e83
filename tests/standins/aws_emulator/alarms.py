"""Lets the emulator take alarms about what is made of several metrics; they never go off there."""

from typing import Any

# Not in our environment: the emulator has one of its own.
from ministack.services.cloudformation import (  # type: ignore[import-not-found] # see above
    provisioners,
)


def take_alarms_of_several_metrics() -> None:
    """Record such an alarm as one about a metric that is called as its expression."""
    record = provisioners._cw_metric_alarm_record

    def recorded(name: str, wanted: dict[str, Any]) -> Any:
        if not wanted.get("Metrics"):
            return record(name, wanted)
        [whole] = [each for each in wanted["Metrics"] if each["ReturnData"]]
        instead = {"Namespace": "Expression", "MetricName": whole["Expression"]}
        return record(name, {**wanted, **instead, "Metrics": None})

    provisioners._cw_metric_alarm_record = recorded
