"""Whether quotas leave room for what is made."""

from collections.abc import Iterator
from typing import Any, Final

from deployment.preflight.check import Check, Situation, fail, ok, warn
from deployment.prices import MACHINES
from lisa.domain.errors import NotFound

PER_PROCESSOR: Final = 1024
VPCS: Final = ("vpc", "L-F678F1CE")
ADDRESSES: Final = ("ec2", "L-0263D0A3")
FARGATE: Final = ("fargate", "L-3032A538")
STANDARD_MACHINES: Final = ("ec2", "L-1216C47A")
GPU_MACHINES: Final = {"G and VT": ("ec2", "L-DB2E81BA"), "P": ("ec2", "L-417A185B")}
REGIONAL_APIS: Final = "Regional APIs"
FUNCTIONS_LEAST: Final = 50


def networks(situation: Situation) -> Iterator[Check]:
    """Compare with the networks that there are, where one more is made."""
    config = situation.config
    if config.serve.enabled and not config.network.vpc_id and "network" not in situation.stacks():
        there = len([*situation.account.every("ec2", "describe_vpcs", "Vpcs")])
        yield _room(situation, "quota of networks", VPCS, there, 1, "VPCs")


def addresses(situation: Situation) -> Iterator[Check]:
    """Compare with the addresses that there are, one for each NAT gateway."""
    config = situation.config
    wanted = config.network.nat_gateways
    if (
        config.serve.enabled
        and wanted
        and not config.network.vpc_id
        and "network" not in situation.stacks()
    ):
        there = len(situation.account.ask("ec2", "describe_addresses")["Addresses"])
        yield _room(situation, "quota of addresses", ADDRESSES, there, wanted, "Elastic IPs")


def apis(situation: Situation) -> Iterator[Check]:
    """Compare with the APIs that there are; this quota is known by its name only."""
    if "api" in situation.stacks():
        return
    found = situation.account.every(
        "service-quotas", "list_service_quotas", "Quotas", ServiceCode="apigateway"
    )
    most = next((each["Value"] for each in found if REGIONAL_APIS in each["QuotaName"]), None)
    there = len([*situation.account.every("apigateway", "get_rest_apis", "items")])
    if most is not None:
        yield _verdict("quota of APIs", there, 1, float(most), "regional APIs", "apigateway")


def api_rate(situation: Situation) -> Iterator[Check]:
    """Compare what the API may take with what the account's APIs may take together."""
    told = situation.account.ask("apigateway", "get_account").get("throttleSettings", {})
    wanted, most = situation.config.api.requests_per_second, float(told.get("rateLimit", 0))
    if most and wanted > most:
        yield warn(
            "rate of APIs",
            f"api.requests_per_second is {wanted}, and all APIs of the account get {most:g}",
            "lower it, or ask for more in Service Quotas",
        )
    elif most:
        yield ok("rate of APIs", f"{most:g} calls a second for all APIs of the account")


def fargate(situation: Situation) -> Iterator[Check]:
    """Compare the processors of all tasks at their most with the quota."""
    config = situation.config
    wanted = 0.0
    if config.serve.enabled and config.serve.launch == "fargate":
        wanted += config.serve.capacity.cpu * config.serve.capacity.max_tasks
    if config.has_knowledge:
        wanted += config.knowledge.cpu * config.knowledge.tasks
    if wanted:
        most = _quota(situation, *FARGATE)
        yield _up_to("quota of Fargate", wanted / PER_PROCESSOR, most, "vCPUs of Fargate")


def machines(situation: Situation) -> Iterator[Check]:
    """Compare the processors of all machines at their most with the quota."""
    wanted = sum(_most_processors(each) for each in _on_machines(situation))
    if wanted:
        most = _quota(situation, *STANDARD_MACHINES)
        yield _up_to("quota of machines", wanted, most, "vCPUs of standard machines")


def gpus(situation: Situation) -> Iterator[Check]:
    """Tell what models may run on: which ones, nobody knows before there are any."""
    if not situation.config.serve.enabled:
        return
    room = {name: _quota(situation, *code) for name, code in GPU_MACHINES.items()}
    told = ", ".join(f"{most:g} vCPUs of {name} machines" for name, most in room.items())
    if any(room.values()):
        yield ok("quota of machines with GPUs", told)
    else:
        yield warn(
            "quota of machines with GPUs",
            f"{told}: no model can run on a GPU in this account",
            "ask for more in Service Quotas (EC2, `Running On-Demand G and VT instances`), or "
            "use models that run elsewhere",
        )


def functions(situation: Situation) -> Iterator[Check]:
    """Tell how many functions may run at once."""
    told = situation.account.ask("lambda", "get_account_settings")["AccountLimit"]
    free = told["UnreservedConcurrentExecutions"]
    name = "concurrency of functions"
    if free < FUNCTIONS_LEAST:
        yield warn(
            name,
            f"{free} may run at once, and each call that is being answered takes one",
            "ask for more in Service Quotas (Lambda, `Concurrent executions`)",
        )
    else:
        yield ok(name, f"{free} may run at once")


def _quota(situation: Situation, service: str, code: str) -> float:
    which = {"ServiceCode": service, "QuotaCode": code}
    try:
        told = situation.account.ask("service-quotas", "get_service_quota", **which)
    except NotFound:
        told = situation.account.ask("service-quotas", "get_aws_default_service_quota", **which)
    return float(told["Quota"]["Value"])


def _room(
    situation: Situation, name: str, quota: tuple[str, str], there: int, more: int, what: str
) -> Check:
    return _verdict(name, there, more, _quota(situation, *quota), what, quota[0])


def _verdict(name: str, there: int, more: int, most: float, what: str, service: str) -> Check:
    told = f"{there} of {most:g} {what} are there, and {more} more are made"
    if there + more > most:
        return fail(name, told, f"ask for more in Service Quotas ({service}), or remove some")
    return ok(name, told)


def _up_to(name: str, wanted: float, most: float, what: str) -> Check:
    told = f"up to {wanted:g} {what} are used, of {most:g}"
    if wanted <= most:
        return ok(name, told)
    return warn(
        name,
        f"{told}: they may not all start",
        "ask for more in Service Quotas, or lower capacity.max_tasks or max_instances",
    )


def _on_machines(situation: Situation) -> list[Any]:
    config = situation.config
    if not config.serve.enabled:
        return []
    return [config.litellm, *([config.serve] if config.serve.launch == "ec2" else [])]


def _most_processors(container: Any) -> int:
    machine = MACHINES.get(container.instance_type)
    return (machine.vcpus if machine else 0) * int(container.max_instances)
