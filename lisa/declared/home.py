"""The names of what lies in LISA_HOME: the local profile writes it, the `lisa` command reads it."""

from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

CLI_TOKEN: Final = "cli-token"  # noqa: S105 - a file's name
DATA_POINTER: Final = "postgres-lies-in"
FILES: Final = "files"
LOCK: Final = "lock"
LOGS: Final = "logs"
POSTGRES: Final = "postgres"
SECRET: Final = "secret"  # noqa: S105 - a file's name
STATE: Final = "state.json"


class State(BaseModel):
    """What a running LISA says of itself, in the file STATE."""

    model_config = ConfigDict(frozen=True)

    pid: int
    port: int
    url: str
    data: Path
    started: datetime
    ready: bool = False


def postgres_place(home: Path) -> Path:
    """Return the folder Postgres has for itself: inside the home, or where its pointer leads."""
    pointer = home / DATA_POINTER
    return Path(pointer.read_text().strip()) if pointer.exists() else home / POSTGRES
