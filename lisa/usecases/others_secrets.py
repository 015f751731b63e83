"""Secrets that administrators name, of which none may be LISA's own."""

from dataclasses import dataclass

from lisa.domain.errors import Unavailable
from lisa.ports.secrets import Secrets


@dataclass(frozen=True)
class OthersSecrets:
    """Finds what is sent to servers that administrators name.

    `own` are the references of secrets between LISA's own processes. They are compared word by
    word: the same place can be spelled in many ways.
    """

    secrets: Secrets
    own: tuple[str, ...]

    async def resolve(self, reference: str) -> str:
        """Return the secret; `Unavailable` if it is one of ours."""
        found = await self.secrets.resolve(reference)
        for ours in self.own:
            if not {*found.split()}.isdisjoint((await self.secrets.resolve(ours)).split()):
                raise Unavailable(
                    f"{reference} is a secret of LISA's own, which is sent to nobody",
                    next_step="name the key that the server's owner gave out instead",
                    code="own_secret",
                )
        return found
