"""Service passes under a secret that is replaced where it lies."""

from dataclasses import dataclass, field

from lisa.domain.rotating import Rotating, read_rotating
from lisa.ports.clock import Clock
from lisa.ports.embedding import OnBehalf
from lisa.ports.secrets import Secrets
from lisa.stores.models import ModelStore
from lisa.usecases.passes import Pass, PassReader, PassWriter


@dataclass(frozen=True)
class RenewablePasses:
    """Writes passes with the current word of the secret, reads those of each of its words."""

    models: ModelStore
    secrets: Secrets
    reference: str
    clock: Clock
    _writers: dict[str, PassWriter] = field(default_factory=dict, init=False, repr=False)

    async def write(self, whose: OnBehalf, model_id: str) -> str:
        """Return a pass for this model; raise `NotFound` without the model."""
        secret = (await self._secret()).current
        if secret not in self._writers:
            self._writers.clear()
            self._writers[secret] = PassWriter(self.models, secret.encode(), self.clock)
        return await self._writers[secret].write(whose, model_id)

    async def read(self, credential: str) -> Pass:
        """Return what a pass says, or refuse it."""
        words = (await self._secret()).words
        return await PassReader(tuple(each.encode() for each in words), self.clock).read(credential)

    async def _secret(self) -> Rotating:
        """Return it as it is now, or was a minute ago."""
        return read_rotating(await self.secrets.resolve(self.reference))
