"""The page of costs says the prices that plans go by."""

from pathlib import Path

from deployment import prices
from deployment.prices import MACHINES, PRICES_OF, Price

PAGE = Path(__file__).parents[3] / "docs" / "operations" / "costs.md"
NAMED = {
    "NAT gateway": prices.NAT_GATEWAY,
    "public IPv4 address": prices.PUBLIC_ADDRESS,
    "load balancer": prices.BALANCER,
    "interface endpoint, in each zone": prices.ENDPOINT,
    "processor of a Fargate task": prices.FARGATE_VCPU,
    "GiB of memory of a Fargate task": prices.FARGATE_GIB,
    "machine m6i.large": MACHINES["m6i.large"].price,
    "compute unit of OpenSearch Serverless": prices.SEARCH_UNIT,
    "capacity unit of Aurora Serverless v2": prices.AURORA_UNIT,
    "machine of RDS": prices.DATABASE,
    "machine of OpenSearch": prices.DOMAIN,
    "key of KMS": prices.KEY,
    "secret": prices.SECRET,
    "alarm": prices.ALARM,
    "dashboard": prices.DASHBOARD,
}


def row(name: str, price: Price) -> str:
    """Write one price as the page does."""
    if price.usd is None or price.usd_per_month is None:
        return f"| {name} | unknown | unknown | {price.source} | |"
    hour = f"{price.usd:g}" if price.per == "hour" else ""
    return f"| {name} | {hour} | {price.usd_per_month:.2f} | {price.source} | {price.dated} |"


def test_the_page_lists_the_prices_with_their_sources() -> None:
    rows = [row(name, price) for name, price in NAMED.items()]
    text = PAGE.read_text()
    assert [each for each in rows if each not in text] == []
    assert PRICES_OF in text
