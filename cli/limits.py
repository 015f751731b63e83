"""Limits as one writes them in a command: `requests_per_minute=60`."""

from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.identity import Limits

LIMITS: Final = tuple(Limits.model_fields)


def limits_of(options: Sequence[str]) -> dict[str, float]:
    """Read options of the form NAME=N; a name given twice counts as it was given last."""
    named = dict(option.partition("=")[::2] for option in options)
    try:
        return Limits.model_validate(named).model_dump(exclude_none=True)
    except ValidationError as error:
        [name, *_] = error.errors()[0]["loc"]
        raise Invalid(
            f"--limit {name}={named[str(name)]} can't be used: {error.errors()[0]['msg']}",
            next_step=f"write NAME=N with a name of {', '.join(LIMITS)}",
        ) from error
