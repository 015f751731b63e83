"""What the supervisor hands to its children: settings, way to Postgres, listening socket."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.bootstrap.environment import read
from lisa.declared.settings import ENVIRONMENT_PREFIX, LocalSettings
from local.builtin.handover import BuiltInHandover
from local.litellm_process import LiteLlmHandover

CONNINFO: Final = "LOCAL_CONNINFO"
SOCKET: Final = "LOCAL_SOCKET"


@dataclass(frozen=True)
class Handover:
    """The same for every child; it outlives each of them."""

    settings: LocalSettings
    conninfo: str
    listener: int
    built_in: BuiltInHandover | None = None
    litellm: LiteLlmHandover | None = None

    def environ(self) -> dict[str, str]:
        """Write it as a child's environment."""
        settings = self.settings.model_dump(mode="json", exclude_none=True)
        named = {
            f"{ENVIRONMENT_PREFIX}{name.upper()}": value
            if isinstance(value, str)
            else json.dumps(value)
            for name, value in settings.items()
        }
        ways = {CONNINFO: self.conninfo, SOCKET: str(self.listener)}
        for upstream in (self.built_in, self.litellm):
            ways |= upstream.told_to_callers() if upstream else {}
        return {**os.environ, **named, **ways}

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Handover":
        """Read it back, in the child."""
        settings = read(LocalSettings, environ)
        return cls(settings, environ[CONNINFO], int(environ[SOCKET]))

    def socket(self) -> socket.socket:
        """Return the socket on which connections wait, whether the app runs or not."""
        return socket.socket(fileno=self.listener)


def absolute(settings: LocalSettings, port: int) -> LocalSettings:
    """Return the settings as they hold anywhere: real paths, and the port we got."""
    ui = settings.ui.expanduser().resolve()
    home = Path(settings.home).expanduser().resolve()
    return settings.model_copy(update={"home": home, "ui": ui, "port": port})
