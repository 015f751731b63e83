"""What the commands of a deployment are given: its configuration, and where it goes."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from deployment.account import Account
from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import choose
from deployment.toolkit import Toolkit
from lisa.domain.errors import Invalid

File = Annotated[
    Path | None,
    typer.Argument(
        help="The file of the deployment (else the defaults of every key).",
        metavar="FILE",
        show_default=False,
    ),
]
Assembled = Annotated[
    Path | None,
    typer.Option(
        "--app",
        help="A folder that `cdk synth` wrote, in place of synthesising now.",
        metavar="FOLDER",
        show_default=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]
PlanOnly = Annotated[bool, typer.Option("--plan-only", help="Say what would happen, and end.")]
DataMayGo = Annotated[
    bool,
    typer.Option("--allow-data-loss", help="With --yes: go on where LISA would lose data."),
]


@dataclass(frozen=True)
class Target:
    """A deployment, the account it goes to, and what deploys it."""

    file: Path | None
    options: Sequence[str]
    config: DeploymentConfig
    account: Account
    toolkit: Toolkit

    @property
    def name(self) -> str:
        """Return what no other deployment of the account is called."""
        return self.config.full_name

    def where(self) -> str:
        """Say where it goes; refuse another account than the configured one."""
        there = self.account.id
        if self.config.account not in ("", there):
            raise Invalid(
                f"the configuration is for the account {self.config.account}, and the credentials "
                f"here are for {there}",
                next_step="sign in to that account, or change `account`",
                code="other_account",
            )
        return f"account {there}, region {self.account.region}"

    def how_to_watch(self) -> str:
        """Return a command that shows how far CloudFormation is."""
        ours = f"Stacks[?starts_with(StackName,'{self.name}-')].[StackName,StackStatus]"
        region = self.account.region
        return f'aws cloudformation describe-stacks --region {region} --query "{ours}"'


def target_of(file: Path | None, options: Sequence[str] | None) -> Target:
    """Read a configuration; nothing is asked of AWS yet."""
    config = choose(file, environ=os.environ, options=options or ()).config
    account = Account(config.region)
    return Target(file, options or (), config, account, Toolkit(region=account.region))
