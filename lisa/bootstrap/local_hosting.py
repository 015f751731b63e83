"""The local profile's hosts of models, and the way to the worker that carries out their runs."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psycopg.conninfo import conninfo_to_dict

from lisa.adapters.dbos.settings import system_url
from lisa.adapters.processes.engine_launch import EngineLaunch
from lisa.adapters.processes.host import ProcessHost
from lisa.adapters.processes.launching import BARE
from lisa.adapters.processes.replica import Pace
from lisa.adapters.scripted.host import ScriptedHost
from lisa.bootstrap.ports import Ports
from lisa.declared.home import MODELS, SCRIPTED
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import NotFound
from lisa.domain.hosting import HostKind
from lisa.domain.model import ModelType
from lisa.ports.prober import Prober
from lisa.ports.secrets import Secrets
from lisa.ports.workflows import RunState
from lisa.stores.models import ModelStore
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.of_stores import STORE_WORKFLOWS

if TYPE_CHECKING:
    from lisa.adapters.dbos.runs import DbosWorkflows

LOCAL_WORKFLOWS: Final = {**MODEL_WORKFLOWS, **STORE_WORKFLOWS}
GRACE_SECONDS: Final = 6  # for an engine to end; the supervisor waits ten for the worker
LOADED_AFTER_SECONDS: Final = 3  # those who waited for the start come first
# What of LISA's own environment engines get too: where programs, caches and hubs are found.
PASSED_ON: Final = (
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "CUDA_HOME",
    "XDG_CACHE_HOME",
    "HF_HOME",
    "HF_ENDPOINT",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
)


@dataclass(frozen=True)
class LocalHosts:
    """Those that were chosen."""

    of: Mapping[HostKind, ProcessHost | ScriptedHost]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let engines run; only the worker does."""
        async with AsyncExitStack() as undo:
            for host in self.of.values():
                await undo.enter_async_context(host.running())
            yield


class LateRuns:
    """Runs that a worker carries out; what speaks to it is loaded beside other work.

    Loading takes a second or more, which nobody who only signs in or chats shall wait for.
    """

    def __init__(self, url: str) -> None:
        """Know where runs lie."""
        self._url = url
        self._loading = asyncio.Lock()
        self._loaded: DbosWorkflows | None = None

    async def start(self, workflow: str, run_id: str, state: Mapping[str, Any]) -> None:
        """Begin a run."""
        await (await self._runs()).start(workflow, run_id, state)

    async def state(self, workflow: str, run_id: str) -> RunState:
        """Tell how a run goes."""
        return await (await self._runs()).state(workflow, run_id)

    async def stop(self, workflow: str, run_id: str) -> None:
        """Let no further step begin."""
        await (await self._runs()).stop(workflow, run_id)

    @asynccontextmanager
    async def loading(self) -> AsyncIterator[None]:
        """Load while the block runs, if not at once; let go of connections after it."""
        task = asyncio.create_task(self._load_soon())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if self._loaded:
                await self._loaded.close()

    async def _load_soon(self) -> None:
        await asyncio.sleep(LOADED_AFTER_SECONDS)
        await self._runs()

    async def _runs(self) -> "DbosWorkflows":
        async with self._loading:
            if self._loaded is None:
                self._loaded = await asyncio.to_thread(self._load)
            return self._loaded

    def _load(self) -> "DbosWorkflows":
        from lisa.adapters.dbos.runs import DbosWorkflows  # noqa: PLC0415 - see the class

        return DbosWorkflows(self._url, LOCAL_WORKFLOWS)


def local_hosts(
    settings: LocalSettings,
    ports: Ports,
    secrets: Secrets,
    prober: Prober,
    gpus: Sequence[str] = (),
) -> LocalHosts:
    """Return the hosts that were chosen; none runs anything before its block does."""
    chosen = settings.model_hosts
    hosts: dict[HostKind, ProcessHost | ScriptedHost] = {}
    if HostKind.PROCESSES in chosen:
        launch = EngineLaunch(_types(ModelStore(ports.tables)), secrets, os.environ.get("PATH", ""))
        hosts[HostKind.PROCESSES] = ProcessHost(
            settings.home / MODELS,
            launch,
            prober,
            ports.clock,
            gpus=gpus,
            environment=_passed_on(os.environ),
            pace=Pace(grace=GRACE_SECONDS),
        )
    if HostKind.SCRIPTED in chosen:
        hosts[HostKind.SCRIPTED] = ScriptedHost(ports.clock, file=settings.home / SCRIPTED)
    return LocalHosts(hosts)


def dbos_url(conninfo: str) -> str:
    """Return where runs lie, in the server of our tables."""
    return system_url(conninfo_to_dict(conninfo))


def _types(models: ModelStore) -> Callable[[str], Awaitable[ModelType]]:
    async def type_of(model_id: str) -> ModelType:
        model = await models.by_id(model_id)
        if model is None:
            raise NotFound(f"there is no model {model_id} any more", code="model_not_found")
        return model.type

    return type_of


def _passed_on(environ: Mapping[str, str]) -> dict[str, str]:
    return BARE | {name: environ[name] for name in PASSED_ON if name in environ}
