"""Puts together the door that replaces secrets."""

from collections.abc import Mapping

from lisa.adapters.aws_secrets.rotation import Rotation
from lisa.adapters.aws_secrets.store import make_client
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.environment import read
from lisa.bootstrap.logs import show_logs
from lisa.declared.settings import RotateSettings

__all__ = ["Rotation", "build"]


def build(environ: Mapping[str, str]) -> Rotation:
    """Return what does the steps."""
    settings = read(RotateSettings, environ)
    show_logs(settings.log_level)
    return Rotation(make_client(), RandomIds(), settings.rotated_secrets)
