"""What a check says: how it is, why, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from deployment.account import Account
from deployment.config.deployment import DeploymentConfig
from deployment.plan.deployed import Stack, Stacks


class State(StrEnum):
    """How it is."""

    OK = "ok"
    WARN = "warn"  # the deployment works, and something of it may not
    FAIL = "fail"
    UNKNOWN = "unknown"  # it couldn't be asked


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    next_step: str = ""


@dataclass(frozen=True)
class Situation:
    """What is to be deployed, and into which account by whom."""

    config: DeploymentConfig
    account: Account
    number: str
    caller: str

    @property
    def region(self) -> str:
        """Return the region of the deployment."""
        return self.account.region

    @property
    def partition(self) -> str:
        """Return the partition of the credentials."""
        return self.caller.split(":")[1]

    @property
    def qualifier(self) -> str:
        """Return what marks the bootstrap that is used."""
        return self.config.bootstrap.qualifier or "hnb659fds"

    def stacks(self) -> Mapping[str, Stack]:
        """Return the stacks of the deployment that are there already, by their parts."""
        found = Stacks(self.account, self.config.full_name).all()
        return {name.rpartition("-")[2]: each for name, each in found.items()}


def ok(name: str, found: str) -> Check:
    """Say that it is well."""
    return Check(name, State.OK, found)


def warn(name: str, found: str, next_step: str) -> Check:
    """Say that something may not work."""
    return Check(name, State.WARN, found, next_step)


def fail(name: str, found: str, next_step: str) -> Check:
    """Say that the deployment would fail."""
    return Check(name, State.FAIL, found, next_step)


def unknown(name: str, found: str, next_step: str = "") -> Check:
    """Say that nobody knows, and why."""
    return Check(name, State.UNKNOWN, found, next_step)
