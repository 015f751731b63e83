"""What a replica is started with: its command and surroundings, its ports, its GPUs."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from lisa.domain.errors import LimitReached
from lisa.domain.hosting import Hosting
from lisa.domain.model import ModelType

HERE: Final = "127.0.0.1"
BARE: Final = {"PATH": os.defpath, "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class LaunchPlan:
    """A command, its whole declared environment with secrets resolved, and how it is asked."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    health_path: str = "/health"
    type: ModelType = ModelType.TEXT


class Launch(Protocol):
    """Says how a replica is started; where weights aren't in a folder yet, puts them there."""

    async def __call__(
        self, model_id: str, hosting: Hosting, port: int, side_port: int
    ) -> LaunchPlan:
        """Plan one start; a hosting that can never work is `Invalid`."""


@dataclass
class Stock:
    """The ports and GPUs of this machine that our replicas have taken."""

    gpus: Sequence[str] = ()  # as CUDA_VISIBLE_DEVICES names them
    _taken: set[str] = field(default_factory=set)
    _ports: set[int] = field(default_factory=set)

    @contextmanager
    def devices(self, count: int) -> Iterator[dict[str, str]]:
        """Take GPUs, and return the variable that shows no others."""
        free = [each for each in self.gpus if each not in self._taken][:count]
        if len(free) < count:
            raise LimitReached(
                f"it needs {count} GPUs, {len(free)} of {len(self.gpus)} are free",
                next_step="stop another model, or give this one fewer GPUs",
                code="no_free_gpu",
            )
        self._taken.update(free)
        try:
            yield {"CUDA_VISIBLE_DEVICES": ",".join(free)}
        finally:
            self._taken.difference_update(free)

    @contextmanager
    def ports(self) -> Iterator[tuple[int, int]]:
        """Take two free ports of the loopback address."""
        port, side_port = self._free_ports()
        self._ports.update((port, side_port))
        try:
            yield port, side_port
        finally:
            self._ports.difference_update((port, side_port))

    def _free_ports(self) -> tuple[int, int]:
        found: list[int] = []
        with ExitStack() as held:
            while len(found) < 2:  # noqa: PLR2004 - one for calls, one for its metrics
                listener = held.enter_context(socket.create_server((HERE, 0)))
                port = listener.getsockname()[1]
                if port not in self._ports:  # else a replica of ours is about to listen there
                    found.append(port)
        return found[0], found[1]
