"""The bell of doors on AWS: whoever works on documents is fed by a queue."""

from dataclasses import replace
from typing import TypeVar

from lisa.adapters.sqs.bell import SqsBell, make_client
from lisa.bootstrap.ports import Ports

AnyPorts = TypeVar("AnyPorts", bound=Ports)


def ringing(ports: AnyPorts, queue: str) -> AnyPorts:
    """Let those be told of work that are fed by this queue."""
    return replace(ports, bell=SqsBell(make_client(), queue))
