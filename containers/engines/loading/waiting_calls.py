"""Tells CloudWatch how many calls wait for the engine, from a process that it never hears of."""

import math
import os
import signal
import time
import urllib.request
from collections.abc import Callable
from typing import Any, Final

import boto3
from botocore.config import Config

from containers.engines.loading.settings import Settings

METRIC: Final = "WaitingPerReplica"
DIMENSION: Final = "Model"
SECONDS_TO_ANSWER: Final = 5
MOST_BYTES: Final = 4 * 1024 * 1024

Say = Callable[[str], None]


def tell_from_beside(settings: Settings, say: Say) -> None:
    """Go on as two: this process, soon the engine, and one that tells of its queue as it lives."""
    if not (settings.model and settings.metrics and settings.waiting):
        return
    engine = os.getpid()
    if os.fork():
        return
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _tell_while(lambda: os.getppid() == engine, settings, say)
    finally:
        os._exit(0)


def waiting_in(metrics: str, gauge: str) -> float | None:
    """Return what a gauge says, summed over its labels; None where it isn't among the metrics."""
    values = [
        _number(line.rpartition("}")[2] if "}" in line else line.partition(" ")[2])
        for line in metrics.splitlines()
        if line.startswith((f"{gauge} ", f"{gauge}{{"))
    ]
    known = [each for each in values if each is not None]
    return sum(known) if known else None


def publish(client: Any, settings: Settings, waiting: float) -> None:
    """Put one value; CloudWatch takes the average over a model's replicas."""
    value = {
        "MetricName": METRIC,
        "Dimensions": [{"Name": DIMENSION, "Value": settings.model}],
        "Value": waiting,
        "Unit": "Count",
    }
    client.put_metric_data(Namespace=settings.namespace, MetricData=[value])


def _tell_while(engine_lives: Callable[[], bool], settings: Settings, say: Say) -> None:
    """Measure and tell, again and again; each trouble is logged when it begins."""
    client, trouble = None, ""
    while engine_lives():
        try:
            client = client or _make_client()
            waiting = waiting_in(_scrape(settings.metrics), settings.waiting)
            if waiting is not None:
                publish(client, settings, waiting)
            before, trouble = trouble, ""
        except Exception as error:  # noqa: BLE001 - whatever happens here, the engine goes on
            before, trouble = trouble, type(error).__name__
        if trouble != before:
            say(f"the queue isn't told ({trouble})" if trouble else "the queue is told")
        time.sleep(settings.queue_seconds)


def _make_client() -> Any:
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 2},
    )
    return boto3.session.Session().client("cloudwatch", config=config)


def _scrape(address: str) -> str:
    with urllib.request.urlopen(address, timeout=SECONDS_TO_ANSWER) as answer:  # noqa: S310 - the image names it
        content: bytes = answer.read(MOST_BYTES)
    return content.decode("utf-8", "replace")


def _number(text: str) -> float | None:
    """Read a value, which a time may follow."""
    try:
        value = float(text.split(maxsplit=1)[0])
    except (ValueError, IndexError):
        return None
    return value if math.isfinite(value) else None
