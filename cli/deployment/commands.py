"""The commands that check, plan, make and remove a deployment."""

from typing import Final

import typer

from cli.deployment import checking, config_commands, deploying, destroying
from cli.grouping import add, group

CONFIG: Final = """The configuration of a deployment to AWS: write, check and explain it.

What counts: defaults, above them a YAML file, above it variables LISA_CONFIG_... (with `__` between
levels, like LISA_CONFIG_SERVE__DOMAIN), above all `-c KEY=VALUE`. No LISA has to run.
"""


def add_to(app: typer.Typer) -> None:
    """Add them to the command."""
    config = group(CONFIG)
    add(config, "init", config_commands.init)
    add(config, "check", config_commands.check)
    add(config, "explain", config_commands.explain)
    app.add_typer(config, name="config")
    add(app, "preflight", checking.preflight)
    add(app, "deploy", deploying.deploy)
    add(app, "destroy", destroying.destroy)
