"""The gateway on its ports: alone behind a server, or below the local profile's app."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TypeAlias

from lisa.adapters.httptools.upstreams import PooledUpstreams
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.stop_signal import StopSignal
from lisa.bootstrap.turns import TurnPorts, serve_turns
from lisa.gateway.app import LARGEST_BODY, Authenticator, Gateway
from lisa.gateway.calls import Calls
from lisa.gateway.choice import Queues
from lisa.gateway.cors import Cors
from lisa.gateway.denials import Denials
from lisa.gateway.registry import Registry
from lisa.gateway.relay import Relay
from lisa.gateway.remembering import Remembering
from lisa.gateway.service import GatewayService
from lisa.gateway.targets import Targets
from lisa.gateway.uses import TellingUses
from lisa.gateway.waking import Waking, WakingBounds
from lisa.ports.calls import Limiter, Meter
from lisa.ports.instance_types import InstanceTypes
from lisa.ports.secrets import RenewableSecrets
from lisa.ports.waking import Waker
from lisa.stores.model_reports import ModelReports
from lisa.stores.models import ModelStore
from lisa.usecases.answer_cache import AnswerCache
from lisa.usecases.audit import Refusals

Works: TypeAlias = tuple[Callable[[], Coroutine[None, None, None]], ...]
USUAL_WAKING = WakingBounds()


@dataclass(frozen=True)
class LiteLlmService:
    """Where the LiteLLM service listens, and where the secret lies that it wants to see."""

    url: str = ""
    key: str | None = None


@dataclass(frozen=True)
class Bounds:
    """How much one gateway process takes on."""

    largest_body: int = LARGEST_BODY
    longest_queue: int = 1024
    patience: float = 30.0  # seconds in a queue
    waking: WakingBounds = USUAL_WAKING


NO_LITELLM = LiteLlmService()
USUAL_BOUNDS = Bounds()


def build_gateway(  # noqa: PLR0913 - every port a gateway stands on, by name
    ports: Ports,
    authenticate: Authenticator,
    *,
    secrets: RenewableSecrets,
    own_secrets: tuple[str, ...] = (),  # which no model's key may be
    limiter: Limiter,
    meter: Meter,
    litellm: LiteLlmService = NO_LITELLM,
    origins: frozenset[str] = frozenset(),
    refusals: Refusals | None = None,
    instance_types: InstanceTypes | None = None,
    cache: AnswerCache | None = None,
    bounds: Bounds = USUAL_BOUNDS,
    turns: TurnPorts | None = None,
    waker: Waker | None = None,  # without one, nobody starts models that stand still
    reports: ModelReports | None = None,  # ... and nobody is told how those we run are used
    stop: StopSignal | None = None,
    beside: Works = (),
) -> GatewayService:
    """Return the gateway; it lets go whom it holds at `stop`, `origins` are pages that may call it.

    What limiter and meter do goes on `beside` it. Mount it at its prefixes within `running()`.
    """
    upstreams = PooledUpstreams()
    relay = Relay(upstreams, Targets(secrets, litellm.url, litellm.key, own_secrets))
    calls = _calls(ports, relay, limiter, meter, cache, bounds, waker)
    served = serve_turns(turns, calls, bounds.largest_body) if turns else None
    gateway = Gateway(
        authenticate=authenticate,
        calls=calls,
        ids=ports.ids,
        cors=Cors(origins),
        largest_body=bounds.largest_body,
        instance_types=instance_types,
        denials=Denials(refusals),
        further=served.routes if served else None,
    )
    works = (*beside, *_telling(ports, calls, reports), *_letting_go(calls, stop))
    return GatewayService(gateway, upstreams, (*served.keeping, *works) if served else works)


def _calls(
    ports: Ports,
    relay: Relay,
    limiter: Limiter,
    meter: Meter,
    cache: AnswerCache | None,
    bounds: Bounds,
    waker: Waker | None,
) -> Calls:
    registry = Registry(ModelStore(ports.tables))
    return Calls(
        registry=registry,
        relay=relay,
        limiter=limiter,
        meter=meter,
        clock=ports.clock,
        queues=Queues(bounds.longest_queue, bounds.patience),
        memory=Remembering(cache) if cache else None,
        waking=Waking(registry, waker, bounds.waking) if waker else None,
    )


def _telling(ports: Ports, calls: Calls, reports: ModelReports | None) -> Works:
    if reports is None:
        return ()
    name = ports.ids.new("gateway")
    return (TellingUses(calls.uses, calls.registry, ports.clock, name, reports).keep,)


def _letting_go(calls: Calls, stop: StopSignal | None) -> Works:
    """Return what listens for the signal to stop, and answers then who is held."""
    waking = calls.waking
    if stop is None or waking is None:
        return ()

    async def let_go() -> None:
        await stop.heard()
        waking.let_go()

    return (let_go,)
