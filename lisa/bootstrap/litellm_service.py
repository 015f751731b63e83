"""Puts together what the LiteLLM service rests on: its settings and the place of secrets."""

from collections.abc import Mapping
from dataclasses import dataclass

from lisa.bootstrap.environment import read
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.secrets import secrets_of
from lisa.declared.settings import LiteLLMSettings
from lisa.ports.secrets import Secrets


@dataclass(frozen=True)
class Parts:
    """What the service is built from."""

    settings: LiteLLMSettings
    secrets: Secrets


def build(environ: Mapping[str, str]) -> Parts:
    """Return the parts that this environment describes."""
    settings = read(LiteLLMSettings, environ)
    show_logs(settings.log_level)
    return Parts(settings, secrets_of(environ))
