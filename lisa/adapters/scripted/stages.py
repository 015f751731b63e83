"""What is wanted of scripted models, in memory or in a file that outlives the worker."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

log = logging.getLogger("lisa.models")


@dataclass(frozen=True)
class Stage:
    """How many replicas there are of one model, since when, and how many there were before."""

    replicas: int
    since: datetime
    removed: bool = False
    before: int = 0


FORM: Final = TypeAdapter(dict[str, Stage])


class Stages:
    """Kept in the file, if there is one: then others may read what one process writes."""

    def __init__(self, file: Path | None = None) -> None:
        """Begin with what is in the file."""
        self._file = file
        self._kept: Mapping[str, Stage] = {}

    def read(self) -> Mapping[str, Stage]:
        """Return them by their models; it blocks."""
        if self._file is None:
            return self._kept
        try:
            return FORM.validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except ValidationError:
            log.warning("%s can't be read, so no scripted model is known", self._file)
            return {}

    def write(self, stages: Mapping[str, Stage]) -> None:
        """Keep these and no others; it blocks."""
        self._kept = stages
        if self._file:
            unfinished = self._file.with_suffix(".new")
            unfinished.write_bytes(FORM.dump_json(dict(stages)))
            unfinished.replace(self._file)
