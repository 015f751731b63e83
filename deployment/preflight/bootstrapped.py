"""Whether the account is ready for the CDK, with the qualifier that is configured."""

from collections.abc import Iterator
from typing import Final

from deployment.preflight.check import Check, Situation, fail, ok
from lisa.domain.errors import NotFound

NAME: Final = "bootstrap"
LEAST: Final = 8  # from here on there is a role for looking things up


def bootstrap(situation: Situation) -> Iterator[Check]:
    """Read which version of the bootstrap there is."""
    parameter = f"/cdk-bootstrap/{situation.qualifier}/version"
    how = f"npx cdk bootstrap aws://{situation.number}/{situation.region}"
    if situation.config.bootstrap.qualifier:
        how += f" --qualifier {situation.qualifier}"
    try:
        told = situation.account.ask("ssm", "get_parameter", Name=parameter)
    except NotFound:
        yield fail(NAME, f"the account has none: there is no parameter {parameter}", f"run `{how}`")
        return
    value = str(told["Parameter"]["Value"])
    if not value.isdigit() or int(value) < LEAST:
        yield fail(NAME, f"version {value} is too old: {LEAST} is the least", f"run `{how}` again")
    else:
        yield ok(NAME, f"version {value}, qualifier {situation.qualifier}")
