"""Who asks, in which account, and whether the region is open to it."""

from collections.abc import Iterator
from typing import Final

from deployment.account import Account
from deployment.config.deployment import DeploymentConfig
from deployment.preflight.check import Check, Situation, fail, ok
from lisa.domain.errors import LisaError

CLOSED: Final = "not-opted-in"


def situation_of(config: DeploymentConfig, account: Account) -> Situation:
    """Ask AWS who we are."""
    told = account.ask("sts", "get_caller_identity")
    return Situation(config, account, str(told["Account"]), str(told["Arn"]))


def nobody(error: LisaError) -> Check:
    """Say why nobody knows who asks."""
    return fail("credentials", error.message, error.next_step)


def credentials(situation: Situation) -> Iterator[Check]:
    """Compare the account with the configured one."""
    wanted, name = situation.config.account, "credentials"
    if wanted not in ("", situation.number):
        yield fail(
            name,
            f"they are of account {situation.number}, and the configuration says {wanted}",
            "sign in to that account, or change `account`",
        )
    else:
        yield ok(name, f"{situation.caller} in account {situation.number}")


def region(situation: Situation) -> Iterator[Check]:
    """Tell whether the region is there, in this partition, and open to the account."""
    name = situation.region
    home = situation.config.home
    if home and home.name != situation.partition:
        yield fail(
            "region",
            f"{name} lies in {home.name}, and the credentials are of {situation.partition}",
            "sign in to an account of that partition, or change `region`",
        )
        return
    told = situation.account.ask("ec2", "describe_regions", RegionNames=[name], AllRegions=True)
    status = told["Regions"][0].get("OptInStatus", "") if told["Regions"] else CLOSED
    if status == CLOSED:
        yield fail(
            "region",
            f"{name} is not open to this account",
            f"open it: aws account enable-region --region-name {name}",
        )
    else:
        yield ok("region", f"{name} is open to this account")
