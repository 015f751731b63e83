"""What a deployment may choose: a frozen, typed configuration read from one TOML file."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lisa.declared.settings import IdentitySettings
from lisa.domain.errors import Invalid

ShortName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")]


class Throttling(BaseModel):
    """How much the API takes before it answers 429, for all callers together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests_per_second: Annotated[int, Field(ge=1, le=10_000)] = 200
    burst: Annotated[int, Field(ge=1, le=5_000)] = 400


class DeploymentConfig(BaseModel):
    """One deployment of LISA. Every field has a default that is safe for production."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ShortName = "lisa"
    stage: ShortName = "dev"
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] | None = None
    data: Literal["retain", "destroy"] = "retain"
    log_days: Literal[7, 14, 30, 60, 90, 180, 365] = 90
    tags: dict[str, str] = Field(default_factory=dict)
    throttling: Throttling = Throttling()
    doors: IdentitySettings = IdentitySettings()

    def stack_name(self, part: str) -> str:
        """Return the name of the stack of that part of the deployment."""
        return f"{self.name}-{self.stage}-{part}"


def read_config(path: Path) -> DeploymentConfig:
    """Read a configuration file; whatever is wrong with it is named by its key."""
    try:
        return DeploymentConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise Invalid(
            f"there is no configuration file {path}", next_step="choose one with -c config=FILE"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{path} is not TOML: {error}", next_step="mend that line") from error
    except ValidationError as error:
        raise Invalid(f"{path}: {_in_words(error)}", next_step="mend or remove it") from error


def _in_words(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
        for problem in error.errors()
    )
