"""Who asks, in which account, and whether the region is open to it."""

from collections.abc import Iterator
from typing import Final

from deployment.account import Account
from deployment.availability import left_out
from deployment.config.deployment import DeploymentConfig
from deployment.preflight.check import Check, Situation, fail, ok, warn
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


def lasting_keys(situation: Situation) -> Iterator[Check]:
    """Warn of keys that never expire: whoever finds them has the account."""
    if situation.account.has_lasting_keys:
        yield warn(
            "sign-in",
            f"those of {situation.caller} never expire, whoever finds them may use them",
            "take a role: `aws sso login`, AWS_PROFILE with role_arn, or OIDC in a pipeline",
        )
    else:
        yield ok("sign-in", "they expire by themselves")


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


def services(situation: Situation) -> Iterator[Check]:
    """Tell what isn't to be had there: what is asked for, then what nobody can choose."""
    region = situation.region
    refused = situation.config.refused_in(region)
    for each in refused:
        yield fail("services", each, "change that, or `region`")
    for each in left_out(region):
        yield ok("left out", each)
    if not refused:
        yield ok("services", f"all that is asked for is known to be had in {region}")
