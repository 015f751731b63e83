"""Runs engines as processes of this machine; none outlives the worker that started it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from lisa.adapters.processes import marks
from lisa.adapters.processes.fleet import Fleet
from lisa.adapters.processes.launching import BARE, Launch, Stock
from lisa.adapters.processes.logs import read_page
from lisa.adapters.processes.places import ModelFolder
from lisa.adapters.processes.replica import Pace, Surroundings
from lisa.adapters.processes.wishes import Wish, Wishes
from lisa.domain.errors import Unavailable
from lisa.domain.hosting import Hosting
from lisa.ports.clock import Clock
from lisa.ports.hosts import HostState, LogPage, Observed
from lisa.ports.prober import Prober


class ProcessHost:
    """Keeps what is wanted running while its block runs; there is one for a home at a time.

    Reading logs and naming leftovers needs no block, so another process may do it too.
    """

    def __init__(
        self,
        home: Path,
        launch: Launch,
        prober: Prober,
        clock: Clock,
        *,
        gpus: Sequence[str] = (),
        environment: Mapping[str, str] = BARE,
        pace: Pace | None = None,
    ) -> None:
        """Know what all replicas share: `environment` is what each gets beside what is declared."""
        self._home = home.resolve()
        self._around = Surroundings(
            self._home, launch, prober, clock, Stock(gpus), environment, pace or Pace()
        )
        self._wishes = Wishes(self._home)
        self._fleets: dict[str, Fleet] = {}
        self._removing: dict[str, asyncio.Task[None]] = {}
        self._deciding = asyncio.Lock()
        self._open = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """End what a killed worker left, go on with what was wanted, and end all at the end."""
        await asyncio.to_thread(marks.kill_marked, marks.mark(self._home))
        await asyncio.to_thread(self._wishes.clear_removed)
        self._open = True
        try:
            for wish in (await asyncio.to_thread(self._wishes.read)).values():
                self._want(wish)
            yield
        finally:
            self._open = False
            ends = [each.end() for each in self._fleets.values()]
            await asyncio.gather(*ends, *self._removing.values(), return_exceptions=True)
            self._fleets.clear()

    async def ensure(self, model_id: str, hosting: Hosting, replicas: int) -> None:
        """Write down what is wanted and begin."""
        self._refuse_closed()
        wish = Wish(model_id=model_id, hosting=hosting, replicas=replicas)
        async with self._deciding:
            if model_id in self._removing:
                raise Unavailable(f"{model_id} is being removed", next_step="try again soon")
            await asyncio.to_thread(self._wishes.write, wish)
            self._want(wish)

    async def observe(self, model_id: str) -> Observed:
        """Tell how far the newest wish has come."""
        self._refuse_closed()
        if model_id in self._removing:
            return Observed(HostState.WORKING, "it is being removed")
        fleet = self._fleets.get(model_id)
        return fleet.observed() if fleet else Observed(HostState.ABSENT, "nothing is there")

    async def remove(self, model_id: str) -> None:
        """Begin to end its processes and to remove its files."""
        self._refuse_closed()
        async with self._deciding:
            if model_id not in self._removing:
                task = asyncio.create_task(self._remove(model_id), name=f"remove {model_id}")
                self._removing[model_id] = task
                task.add_done_callback(lambda _: self._removing.pop(model_id, None))

    async def leftovers(self, model_id: str) -> Sequence[str]:
        """Name its processes, by the mark they bear, and its folder."""
        wanted = marks.mark(self._home, model_id)
        processes = await asyncio.to_thread(marks.marked, wanted)
        folder = ModelFolder(self._home, model_id).path
        files = [f"folder of {model_id}"] if folder.exists() else []
        return [*(f"process {pid}" for pid in processes), *files]

    async def logs(
        self, model_id: str, replica: str, limit: int, cursor: str, *, backward: bool = False
    ) -> LogPage:
        """Read what a replica said; more may come after the last page."""
        folder = ModelFolder(self._home, model_id)
        return await read_page(folder, replica, limit, cursor, backward=backward)

    def _want(self, wish: Wish) -> None:
        fleet = self._fleets.setdefault(wish.model_id, Fleet(self._around, wish))
        fleet.want(wish)

    async def _remove(self, model_id: str) -> None:
        folder = ModelFolder(self._home, model_id)
        await asyncio.to_thread(folder.wish.unlink, missing_ok=True)
        fleet = self._fleets.get(model_id)
        if fleet:
            await fleet.end()
            del self._fleets[model_id]
        await asyncio.to_thread(marks.kill_marked, marks.mark(self._home, model_id))
        if folder.path.exists():
            await asyncio.to_thread(shutil.rmtree, folder.path)

    def _refuse_closed(self) -> None:
        if not self._open:
            raise Unavailable("the worker that runs models doesn't", next_step="start LISA")
