"""Settings from the environment and a `.env` file; what is unknown or invalid is named at start."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeVar

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lisa.declared.every_settings import EVERY_SETTINGS
from lisa.declared.settings import ENVIRONMENT_PREFIX, Settings
from lisa.domain.errors import Invalid

# What tests read, and what chooses a deployment.
OF_OTHERS: Final = (f"{ENVIRONMENT_PREFIX}TEST_", f"{ENVIRONMENT_PREFIX}CONFIG_")
OF_PYDANTIC: Final = "Value error, "
S = TypeVar("S", bound=Settings)


def read(wanted: type[S], environ: Mapping[str, str], dotenv: Path | None = None) -> S:
    """Return these settings; the environment wins over the file, an empty value counts as none."""
    given = {**_from_file(dotenv), **environ}
    ours = {name: value for name, value in given.items() if _is_ours(name) and value}
    problems = list(_unknown(ours))
    fields = {_variable(field): field for field in wanted.model_fields}
    values = {fields[name]: value for name, value in ours.items() if name in fields}
    try:
        settings = wanted.model_validate(values)
    except ValidationError as fault:
        problems += [_named(error) for error in fault.errors(include_input=False)]
    if problems:
        raise Invalid(
            "; ".join(problems),
            next_step="correct or remove it in the environment or the `.env` file",
            code="bad_setting",
        )
    return settings


def _from_file(dotenv: Path | None) -> dict[str, str]:
    if dotenv is None or not dotenv.is_file():
        return {}
    return {name: value or "" for name, value in dotenv_values(dotenv).items()}


def _is_ours(name: str) -> bool:
    return name.startswith(ENVIRONMENT_PREFIX) and not name.startswith(OF_OTHERS)


def _variable(field: str) -> str:
    return f"{ENVIRONMENT_PREFIX}{field.upper()}"


def _unknown(names: Mapping[str, str]) -> Iterator[str]:
    known = {_variable(field) for settings in EVERY_SETTINGS for field in settings.model_fields}
    for name in sorted(names.keys() - known):
        near = get_close_matches(name, known, n=1)
        yield f"{name} is no setting of LISA" + (f"; did you mean {near[0]}?" if near else "")


def _named(error: ErrorDetails) -> str:
    """Name the variable and what is expected of it, never its value."""
    if not error["loc"]:
        return error["msg"].removeprefix(OF_PYDANTIC)
    field, *inner = error["loc"]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in inner)
    return f"{_variable(str(field))}{place}: {error['msg']}"
