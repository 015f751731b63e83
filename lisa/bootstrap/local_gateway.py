"""The gateway inside the local profile's app, and the models that come with LISA."""

import os
from dataclasses import dataclass
from typing import Final

from starlette.routing import BaseRoute, Mount, Route

from lisa.adapters.ec2.instance_types import SdkInstanceTypes
from lisa.bootstrap.authentication import accepting_passes
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.every_door import refusals
from lisa.bootstrap.gateway import NO_LITELLM, Bounds, LiteLlmService, build_gateway
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.local_addresses import own_origins
from lisa.bootstrap.local_ports import passes_secret
from lisa.bootstrap.metered import metered
from lisa.bootstrap.stop_signal import StopSignal
from lisa.bootstrap.tool_calls_when_asked import ToolServersWhenAsked
from lisa.bootstrap.tracing import tracing_of
from lisa.bootstrap.turns import TurnPorts
from lisa.declared.home import JOURNAL
from lisa.declared.settings import LocalSettings
from lisa.domain.model import Model
from lisa.gateway.metrics import MetricsApp
from lisa.gateway.service import GatewayService
from lisa.gateway.waking import WakingBounds
from lisa.ports.secrets import RenewableSecrets
from lisa.ports.waking import Waker
from lisa.stores.model_reports import ModelReports
from lisa.stores.models import ModelStore
from lisa.usecases.authenticate import Authenticate
from lisa.usecases.call_lines import CallLines

DRAIN_SECONDS: Final = 2.0  # the supervisor waits ten, and callers had their five before
PLACES: Final = ("/v1", "/v2/serve", "/anthropic")


@dataclass(frozen=True)
class LocalUpstreams:
    """What runs beside the app: built-in models, and LiteLLM with a reference to its secret."""

    built_in: tuple[Model, ...] = ()
    litellm_url: str = ""
    litellm_secret: str = ""


NOTHING_BESIDE: Final = LocalUpstreams()


async def local_gateway(
    settings: LocalSettings,
    ports: ContentPorts,
    authenticate: Authenticate,
    secrets: RenewableSecrets,
    beside: LocalUpstreams,
    waker: Waker,
    knowledge: KnowledgePorts,
) -> tuple[GatewayService, list[BaseRoute]]:
    """Return the gateway, to be kept running, and where it is found."""
    authenticate = accepting_passes(authenticate, passes_secret(settings), ports.clock)
    tracing = tracing_of(os.environ)
    watchers = (CallLines(), *tracing.watchers)
    counting = metered(ports, settings.home / JOURNAL, settings.usage_days, *watchers)
    stop = StopSignal(DRAIN_SECONDS, DRAIN_SECONDS)
    service = build_gateway(
        ports,
        authenticate,
        secrets=secrets,
        limiter=counting.limiter,
        meter=counting.meter,
        cache=counting.cache,
        litellm=_litellm(beside),
        origins=own_origins(settings),
        refusals=refusals(ports),
        instance_types=SdkInstanceTypes(),
        bounds=Bounds(waking=WakingBounds(longest=settings.wake_seconds, most=settings.wake_most)),
        turns=TurnPorts(ports, ToolServersWhenAsked(secrets, programs=True), stop, knowledge),
        stop=stop,
        beside=(*counting.beside, stop.listen, *tracing.beside),
        waker=waker,
        reports=ModelReports(ports.tables),
    )
    metrics = Route("/metrics", MetricsApp(authenticate, counting.totals, counting.cache))
    gateway = tracing.around(service.gateway)
    return service, [metrics, *(Mount(place, gateway) for place in PLACES)]


def _litellm(beside: LocalUpstreams) -> LiteLlmService:
    if not beside.litellm_url:
        return NO_LITELLM
    return LiteLlmService(beside.litellm_url, beside.litellm_secret)


async def keep_built_in(store: ModelStore, wanted: tuple[Model, ...]) -> None:
    """Let the built-in models be those that run now; who may use them stays as it was set."""
    for model in wanted:
        old = await store.by_id(model.id)
        if old is None:
            await store.add(model)
        elif old.built_in and old.upstreams != model.upstreams:
            await store.change(old, old.model_copy(update={"upstreams": model.upstreams}))
    ids = {model.id for model in wanted}
    for model in await store.catalogue():
        if model.built_in and model.id not in ids:
            await store.remove(model)
