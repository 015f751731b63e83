"""The models as this process knows them: in memory, at most a second behind the table."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import LisaError
from lisa.domain.model import Model
from lisa.ports.catalogue import Catalogue

LOOKED_AFTER_EVERY: Final = 1.0
PATIENCE: Final = 5.0
log = logging.getLogger("lisa.gateway")


@dataclass
class Registry:
    """Keeps the last catalogue that could be read; while the table is away, it keeps serving."""

    catalogue: Catalogue
    every: float = LOOKED_AFTER_EVERY
    loaded: bool = False
    _models: dict[str, Model] = field(default_factory=dict)
    _version: str = ""
    _failing: bool = False
    _change: asyncio.Event = field(default_factory=asyncio.Event)

    def get(self, model_id: str) -> Model | None:
        """Return the model of this id."""
        return self._models.get(model_id)

    def all(self) -> list[Model]:
        """Return all models, in order of their ids."""
        return sorted(self._models.values(), key=lambda model: model.id)

    def next_change(self) -> asyncio.Event:
        """Return what is set as soon as there are other models than now."""
        return self._change

    async def follow(self) -> None:
        """Look for changes, for as long as this process serves."""
        while True:
            await self.refresh()
            await asyncio.sleep(self.every)

    async def refresh(self) -> None:
        """Read the catalogue again if it changed."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._read()
        except (LisaError, TimeoutError, ValueError) as error:  # ValueError: a row makes no sense
            if not self._failing:
                log.warning("the models can't be read, the last ones stay: %s", error)
            self._failing = True
        else:
            self._failing = False

    def look_again(self) -> None:
        """Let all who wait for a change look at what there is now."""
        before, self._change = self._change, asyncio.Event()
        before.set()

    async def _read(self) -> None:
        version = await self.catalogue.catalogue_version()
        if version == self._version and self.loaded:
            return
        models = await self.catalogue.catalogue()
        self._models = {model.id: model for model in models}
        self._version, self.loaded = version, True
        self.look_again()


async def stop(task: asyncio.Task[None]) -> None:
    """End a background task and wait until it has."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
