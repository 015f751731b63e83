"""What each door reads from its environment: one frozen class per door.

A field `table_sessions` is the variable `LISA_TABLE_SESSIONS`. Stacks fill a function's environment
from the fields of its door's class; its bootstrap reads them back through the same class.
"""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

ENVIRONMENT_PREFIX: Final = "LISA_"
BUILT_UI: Final = Path(__file__).parents[2] / "ui" / "dist"


class Settings(BaseModel):
    """What every door reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class AuthorizerSettings(Settings):
    """The door API Gateway asks whether a call may pass."""

    table_tokens: str
    table_sign_ins: str


class SessionsSettings(Settings):
    """The door of chat sessions."""

    table_sessions: str
    table_tokens: str
    table_sign_ins: str
    bucket_content: str


class SweepSettings(Settings):
    """The scheduled door that finishes what was left unfinished."""

    table_sessions: str
    bucket_content: str


class LocalSettings(Settings):
    """The local profile: supervisor, app and worker."""

    home: Path = Field(default_factory=lambda: Path.home() / ".lisa")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    ui: Path = BUILT_UI


class CliSettings(Settings):
    """The `lisa` command as a client; `lisa up` and its kin read the local settings too."""

    url: str = ""
    token: str = ""


EVERY_SETTINGS: Final = (
    AuthorizerSettings,
    SessionsSettings,
    SweepSettings,
    LocalSettings,
    CliSettings,
)
