"""Puts together the places where secrets lie."""

from collections.abc import Mapping

from lisa.adapters.aws_secrets.secrets import AwsSecrets
from lisa.adapters.environment.secrets import EnvironmentSecrets, FileSecrets
from lisa.adapters.system.clock import SystemClock
from lisa.ports.secrets import Secrets
from lisa.usecases.remembered_secrets import RememberedSecrets


def secrets_of(environ: Mapping[str, str]) -> RememberedSecrets:
    """Return what resolves every kind of reference; AWS is asked only where one names it."""
    aws = AwsSecrets()
    places: dict[str, Secrets] = {
        "env": EnvironmentSecrets(environ),
        "file": FileSecrets(),
        "secret": aws,
        "parameter": aws,
    }
    return RememberedSecrets(places, SystemClock())
