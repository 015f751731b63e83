"""How the declared engines are started on this machine: the programs found on its path."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from lisa.adapters.processes.launching import LaunchPlan
from lisa.declared import engines
from lisa.declared.engine_options.engine import Place
from lisa.domain.errors import Invalid
from lisa.domain.hosting import Hosting
from lisa.domain.model import ModelType
from lisa.domain.weights import ModelFacts, Origin, origin_of
from lisa.domain.weights_folder import read_weights
from lisa.ports.secrets import Secrets


@dataclass(frozen=True)
class EngineLaunch:
    """Plans starts. `type_of` tells what a model makes, `path` is where programs are looked for."""

    type_of: Callable[[str], Awaitable[ModelType]]
    secrets: Secrets
    path: str

    async def __call__(
        self, model_id: str, hosting: Hosting, port: int, side_port: int
    ) -> LaunchPlan:
        """Plan one start; weights in a folder are read for what they say of themselves."""
        kind = await self.type_of(model_id)
        source = hosting.weights.source
        facts = await asyncio.to_thread(_facts, source)
        place = Place(model_id, source, port, kind, side_port=side_port, facts=facts)
        program, *arguments = engines.command(hosting, place)
        secret = {
            name: await self.secrets.resolve(reference)
            for name, reference in engines.secrets(hosting).items()
        }
        return LaunchPlan(
            [self._found(program), *arguments],
            {**engines.environment(hosting), **secret},
            engines.health_path(hosting),
            kind,
        )

    def _found(self, program: str) -> str:
        found = shutil.which(program, path=self.path)
        if found is None:
            raise Invalid(
                f"this machine has no program {program}",
                next_step=f"install {program}, start LISA with it on the PATH, start the model",
                code="engine_missing",
            )
        return found


def _facts(source: str) -> ModelFacts:
    return read_weights(Path(source)) if origin_of(source) is Origin.FOLDER else ModelFacts()
