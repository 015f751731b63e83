"""Whether a network that is there has what containers need."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from deployment.endpoints import needed
from deployment.preflight.check import Check, Situation, fail, ok, warn
from lisa.domain.errors import Invalid, NotFound

LEAST_ADDRESSES: Final = 16
EVERYWHERE: Final = "0.0.0.0/0"
CORRECT: Final = "correct it in `network`"


def vpc(situation: Situation) -> Iterator[Check]:
    """Look for the network."""
    wanted = situation.config.network.vpc_id
    if not (wanted and situation.config.serve.enabled):
        return
    try:
        told = situation.account.ask("ec2", "describe_vpcs", VpcIds=[wanted])["Vpcs"][0]
    except (NotFound, Invalid) as error:
        yield fail("network", error.message, CORRECT)
        return
    names = [_attribute(situation, wanted, each) for each in ("enableDnsSupport", _HOSTNAMES)]
    if not all(names):
        yield fail(
            "network",
            f"{wanted} doesn't resolve names of AWS's services",
            "turn on its DNS support and DNS hostnames",
        )
    else:
        yield ok("network", f"{wanted}, {told['CidrBlock']}")


def subnets(situation: Situation) -> Iterator[Check]:
    """Compare subnets with the zones they are said to be in, and count free addresses."""
    network = situation.config.network
    if not (network.vpc_id and situation.config.serve.enabled):
        return
    kinds = {"private_subnets": network.private_subnets, "public_subnets": network.public_subnets}
    for name, ids in kinds.items():
        if not ids:
            continue
        told = _subnets(situation, ids)
        faults = [*_faults(network.vpc_id, network.availability_zones, ids, told)]
        if faults:
            yield fail(f"network.{name}", "; ".join(faults), CORRECT)
        else:
            free = min(each["AvailableIpAddressCount"] for each in told.values())
            yield ok(f"network.{name}", f"in their zones, each with {free} free addresses or more")


def way_out(situation: Situation) -> Iterator[Check]:
    """Tell whether private subnets lead anywhere: by a route, or by endpoints."""
    network = situation.config.network
    if not (network.vpc_id and situation.config.serve.enabled):
        return
    closed = [each for each in network.private_subnets if not _leads_out(situation, each)]
    missing = sorted(_missing_endpoints(situation)) if closed else []
    if missing:
        yield fail(
            "way out",
            f"{', '.join(closed)} have no route out, and the network no endpoint of "
            f"{', '.join(missing)}",
            "add a NAT gateway or a transit gateway, or these endpoints",
        )
    else:
        how = "endpoints" if closed else "a route out"
        yield ok("way out", f"private subnets have {how}")


def security_groups(situation: Situation) -> Iterator[Check]:
    """Look for each security group, in this network."""
    network = situation.config.network
    for name, group in network.security_groups.items():
        try:
            told = situation.account.ask("ec2", "describe_security_groups", GroupIds=[group])
        except (NotFound, Invalid) as error:
            yield fail(f"security group {name}", error.message, CORRECT)
            continue
        there = told["SecurityGroups"][0]["VpcId"]
        if there != network.vpc_id:
            yield fail(
                f"security group {name}", f"{group} is of {there}, not {network.vpc_id}", CORRECT
            )
        else:
            yield ok(f"security group {name}", group)


def endpoints(situation: Situation) -> Iterator[Check]:
    """Look for the endpoints that a private API is reached by."""
    wanted = situation.config.api.vpc_endpoints
    service = f"{situation.region}.execute-api"
    for each in wanted:
        try:
            told = situation.account.ask("ec2", "describe_vpc_endpoints", VpcEndpointIds=[each])
        except (NotFound, Invalid) as error:
            yield fail("endpoint", error.message, "correct api.vpc_endpoints")
            continue
        found = told["VpcEndpoints"][0]
        if not found["ServiceName"].endswith(service):
            of = found["ServiceName"]
            yield fail("endpoint", f"{each} is of {of}, not of execute-api", "name another")
        elif not found.get("PrivateDnsEnabled"):
            how = "call the API by the endpoint's own name, or turn on private DNS"
            yield warn("endpoint", f"{each} has no private DNS", how)
        else:
            yield ok("endpoint", each)


_HOSTNAMES: Final = "enableDnsHostnames"


def _attribute(situation: Situation, vpc_id: str, name: str) -> bool:
    told = situation.account.ask("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute=name)
    key = name[0].upper() + name[1:]
    return bool(told[key]["Value"])


def _subnets(situation: Situation, ids: Sequence[str]) -> Mapping[str, Any]:
    named = [{"Name": "subnet-id", "Values": [*ids]}]
    found = situation.account.every("ec2", "describe_subnets", "Subnets", Filters=named)
    return {each["SubnetId"]: each for each in found}


def _faults(
    vpc_id: str, zones: Sequence[str], ids: Sequence[str], told: Mapping[str, Any]
) -> Iterator[str]:
    for subnet, zone in zip(ids, zones, strict=True):
        found = told.get(subnet)
        if found is None:
            yield f"there is no {subnet}"
        elif found["VpcId"] != vpc_id:
            yield f"{subnet} is of {found['VpcId']}"
        elif found["AvailabilityZone"] != zone:
            yield f"{subnet} lies in {found['AvailabilityZone']}, and {zone} is said"
        elif found["AvailableIpAddressCount"] < LEAST_ADDRESSES:
            yield f"{subnet} has {found['AvailableIpAddressCount']} free addresses"


def _leads_out(situation: Situation, subnet: str) -> bool:
    """Look at the routes of a subnet, or at its network's where it has none of its own."""
    own = [{"Name": "association.subnet-id", "Values": [subnet]}]
    main = [
        {"Name": "vpc-id", "Values": [situation.config.network.vpc_id]},
        {"Name": "association.main", "Values": ["true"]},
    ]
    for which in (own, main):
        tables = [
            *situation.account.every("ec2", "describe_route_tables", "RouteTables", Filters=which)
        ]
        if tables:
            return any(
                route.get("DestinationCidrBlock") == EVERYWHERE and route.get("State") == "active"
                for table in tables
                for route in table["Routes"]
            )
    return False


def _missing_endpoints(situation: Situation) -> set[str]:
    of_network = [{"Name": "vpc-id", "Values": [situation.config.network.vpc_id]}]
    found = situation.account.every(
        "ec2", "describe_vpc_endpoints", "VpcEndpoints", Filters=of_network
    )
    there = {each["ServiceName"].partition(f"{situation.region}.")[2] for each in found}
    return {each.service for each in needed(situation.config)} - there
