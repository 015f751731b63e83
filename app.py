"""Synthesises a deployment of LISA: `cdk deploy --all -c config=FILE.yaml -c stage=test`."""

import os
import sys
from pathlib import Path

import aws_cdk as cdk
import cdk_nag

from deployment.config.overriding import options_of_context
from deployment.config.reading import choose
from lisa.domain.errors import LisaError
from stacks.acknowledged import acknowledge_all
from stacks.deployment import compose


def build(app: cdk.App) -> cdk.App:
    """Fill the app with the deployment its context asks for, and with the rules it must pass."""
    file = app.node.try_get_context("config")
    options = options_of_context(app.node.get_all_context())
    config = choose(Path(file) if file else None, environ=os.environ, options=options).config
    compose(app, config)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    acknowledge_all(app, config)
    return app


def main() -> int:
    """Synthesise; a mistake in the configuration is told in words."""
    try:
        build(cdk.App(analytics_reporting=False)).synth()
    except LisaError as error:
        sys.stderr.write(f"{error.message}\n{error.next_step}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
