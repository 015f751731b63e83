"""Lets the stacks of models count their replicas and lead to engines on loopback.

Run by the emulator's interpreter, beside `serve`; each hook has a smoke test as those there.
"""

import os
import uuid
from typing import Any, Final

# Not in our environment: the emulator has one of its own.
from ministack.services.cloudformation import (  # type: ignore[import-not-found] # see above
    provisioners,
)

OF_MODELS: Final = "-model-"  # in the names of their stacks


def lead_to_models() -> None:
    """Do all of it."""
    _count_replicas()
    _find_balancers_of_models()
    _name_logs_after_their_stack()


def _count_replicas() -> None:
    """Read a parameter that is a number as one: ECS can't add to a text."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ECS::Service"]
    create, update = handlers["create"], handlers["update"]

    def counted(properties: dict[str, Any]) -> dict[str, Any]:
        count = properties.get("DesiredCount")
        return properties if count is None else {**properties, "DesiredCount": int(count)}

    handlers["create"] = lambda name, wanted, stack: create(name, counted(wanted), stack)
    handlers["update"] = lambda place, old, new, stack: update(
        place, counted(old), counted(new), stack
    )


def _find_balancers_of_models() -> None:
    """Give models' balancers a name that leads somewhere: no name of AWS resolves here."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::LoadBalancer"]
    create, update = handlers["create"], handlers["update"]

    def named(stack: str, place: str, told: dict[str, Any]) -> tuple[str, Any]:
        if OF_MODELS in stack:
            told["DNSName"] = f"127.0.0.1:{os.environ['GATEWAY_PORT']}/_alb/{place.split('/')[-2]}"
        return place, told

    handlers["create"] = lambda name, wanted, stack: named(stack, *create(name, wanted, stack))
    handlers["update"] = lambda place, old, new, stack, name: named(
        stack, *update(place, old, new, stack, name)
    )


def _name_logs_after_their_stack() -> None:
    """Name models' log groups as CloudFormation does, since roles read them by that."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]
    create = handlers["create"]

    def created(name: str, wanted: dict[str, Any], stack: str) -> tuple[str, Any]:
        given = f"{stack}-{name}-{uuid.uuid4().hex[:12]}"
        named = {"LogGroupName": given} if OF_MODELS in stack else {}
        made: tuple[str, Any] = create(name, {**named, **wanted}, stack)
        return made

    handlers["create"] = created
