"""Whether each zone has the machines that containers run on."""

from collections.abc import Iterator, Sequence
from typing import Final

from deployment.preflight.check import Check, Situation, fail, ok

NAME: Final = "machines"


def offered(situation: Situation) -> Iterator[Check]:
    """Ask which types are to be had in the zones of the network."""
    config = situation.config
    if not config.serve.enabled:
        return
    types = {config.litellm.instance_type}
    types |= {config.serve.instance_type} if config.serve.launch == "ec2" else set()
    zones = zones_of(situation)
    for each in sorted(types):
        missing = sorted({*zones} - _zones_with(situation, each))
        if missing:
            yield fail(
                NAME,
                f"{each} is not to be had in {', '.join(missing)}",
                "choose another instance_type, or a network in other zones",
            )
        else:
            yield ok(NAME, f"{each} is to be had in {', '.join(zones)}")


def zones_of(situation: Situation) -> Sequence[str]:
    """Return the zones of the network: named ones, else the region's first."""
    network = situation.config.network
    if network.availability_zones:
        return network.availability_zones
    told = situation.account.ask(
        "ec2",
        "describe_availability_zones",
        Filters=[
            {"Name": "state", "Values": ["available"]},
            {"Name": "zone-type", "Values": ["availability-zone"]},
        ],
    )
    return sorted(each["ZoneName"] for each in told["AvailabilityZones"])[: network.zones]


def _zones_with(situation: Situation, kind: str) -> set[str]:
    found = situation.account.every(
        "ec2",
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": [kind]}],
    )
    return {each["Location"] for each in found}
