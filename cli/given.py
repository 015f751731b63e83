"""What a command was given: its options, else the environment, else the `.env` file here."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lisa.bootstrap.environment import read
from lisa.declared.settings import CliSettings, LocalSettings
from lisa.domain.errors import Invalid

DOTENV: Final = Path(".env")


@dataclass(frozen=True)
class Given:
    """Settings of the LISA on this machine, and the address of one elsewhere, if there is one."""

    local: LocalSettings
    url: str
    token: str = field(repr=False)

    @property
    def home(self) -> Path:
        """Where all state of the LISA on this machine lies."""
        return self.local.home


def given(*, home: Path | None = None, port: int | None = None, url: str = "") -> Given:
    """Read everything; whatever is unknown or invalid is named."""
    if home and url:
        raise Invalid(
            "--home names a LISA on this machine, --url one elsewhere", next_step="give one of them"
        )
    environ = {**os.environ, **_options(home, port, url)}
    local = read(LocalSettings, environ, DOTENV)
    client = read(CliSettings, environ, DOTENV)
    return Given(settled(local), client.url.rstrip("/"), client.token.strip())


def settled(local: LocalSettings) -> LocalSettings:
    """Return the settings with the home's real path."""
    return local.model_copy(update={"home": local.home.expanduser().resolve()})


def _options(home: Path | None, port: int | None, url: str) -> dict[str, str]:
    """Write the options as the settings they stand before."""
    options = {}
    if home:
        options = {"LISA_HOME": str(home), "LISA_URL": ""}
    if port is not None:
        options["LISA_PORT"] = str(port)
    if url:
        options["LISA_URL"] = url
    return options
