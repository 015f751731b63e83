"""Running models: what a host is asked for, and what it says of what there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from lisa.domain.hosting import Hosting


class HostState(StrEnum):
    """How far a host has come with what was asked of it last."""

    ABSENT = "absent"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class Replica:
    """One running engine; `address` is where it speaks OpenAI, ending in `/v1`."""

    id: str
    address: str
    healthy: bool
    since: datetime | None = None
    error: str = ""


@dataclass(frozen=True)
class Observed:
    """What there is of a model now, told in plain words.

    `address` is where calls go: a balancer's, or empty where each replica is called by its own.
    """

    state: HostState
    words: str = ""
    address: str = ""
    replicas: Sequence[Replica] = ()
    cause: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class LogPage:
    """Lines of an engine's log, oldest first, and where to go on.

    `earlier` goes back from a page that was read backward; empty where nothing came before it.
    """

    lines: Sequence[str]
    cursor: str = ""
    earlier: str = ""


class Host(Protocol):
    """Brings what runs to what is wanted. Every call is quick and may be made again at will."""

    async def ensure(self, model_id: str, hosting: Hosting, replicas: int) -> None:
        """Begin to bring a model to this many replicas of this hosting; 0 costs nothing."""

    async def observe(self, model_id: str) -> Observed:
        """Tell what there is of a model now."""

    async def remove(self, model_id: str) -> None:
        """Begin to remove everything of a model; what isn't there is removed already."""

    async def leftovers(self, model_id: str) -> Sequence[str]:
        """Name what is still there of a model, found by its mark and not by our own records."""

    async def logs(
        self, model_id: str, replica: str, limit: int, cursor: str, *, backward: bool = False
    ) -> LogPage:
        """Read a replica's log; those of replicas that are gone are kept for a while.

        Without a cursor it begins with the oldest line, or, backward, ends with the newest.
        """
