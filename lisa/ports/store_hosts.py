"""Making stores of repositories: what can be had, and what there is of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lisa.domain.knowledge.repository import Repository
from lisa.domain.knowledge.store_offer import Offer
from lisa.ports.hosts import HostState


@dataclass(frozen=True)
class Made:
    """What there is of a store now, told in plain words; where it answers once it is ready.

    `credentials` is where its login lies, empty where it needs none.
    """

    state: HostState
    words: str = ""
    address: str = ""
    credentials: str = ""
    cause: str = ""
    next_step: str = ""


class StoreHost(Protocol):
    """Makes and removes stores, each of one repository and known by the repository's uid.

    Every call is quick and may be made again at will.
    """

    def offers(self) -> Sequence[Offer]:
        """Say what can be made."""

    async def ensure(self, repository: Repository) -> None:
        """Begin to make a repository's store, or go on."""

    async def observe(self, uid: str) -> Made:
        """Tell what there is of it now."""

    async def keep(self, uid: str) -> None:
        """Protect one that has proven itself from everybody but us."""

    async def remove(self, uid: str) -> None:
        """Begin to remove everything of it, or go on; what isn't there is removed already."""

    async def leftovers(self, uid: str) -> Sequence[str]:
        """Name what is still there of it, found by its mark and not by our own records."""
