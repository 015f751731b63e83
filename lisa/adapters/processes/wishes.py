"""What is wanted of each model, written down so that a new worker goes on with it."""

import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError

from lisa.adapters.processes.places import WISH, ModelFolder
from lisa.domain.frozen import Frozen
from lisa.domain.hosting import Hosting

LOG: Final = logging.getLogger(__name__)


class Wish(Frozen):
    """So many replicas of this hosting."""

    model_id: str
    hosting: Hosting
    replicas: Annotated[int, Field(ge=0)]

    @property
    def process(self) -> Hosting:
        """Return the hosting without what makes no difference to a process that runs."""
        plain = Hosting(
            kind=self.hosting.kind, engine=self.hosting.engine, weights=self.hosting.weights
        )
        alike = {name: getattr(plain, name) for name in ("scaling", "health", "idle_seconds")}
        return self.hosting.model_copy(update=alike)


@dataclass(frozen=True)
class Wishes:
    """The files of all wishes."""

    home: Path

    def write(self, wish: Wish) -> None:
        """Return when it is on the disk."""
        file = ModelFolder(self.home, wish.model_id).wish
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        with unfinished.open("w") as opened:
            opened.write(wish.model_dump_json())
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.replace(file)

    def read(self) -> Mapping[str, Wish]:
        """Return every wish by its model."""
        found = (_wish(file) for file in sorted(self.home.glob(f"*/{WISH}")))
        return {each.model_id: each for each in found if each}

    def clear_removed(self) -> None:
        """Remove the folders of models of which nothing is wanted any more."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in self.home.iterdir():
            if not (folder / WISH).exists():
                shutil.rmtree(folder)


def _wish(file: Path) -> Wish | None:
    try:
        return Wish.model_validate_json(file.read_bytes())
    except ValidationError:  # one that another version wrote must not keep all others from running
        LOG.warning("%s can't be read, so its model isn't started", file)
        return None
