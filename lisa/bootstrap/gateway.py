"""The gateway on its ports: alone behind a server, or below the local profile's app."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from lisa.adapters.httptools.upstreams import PooledUpstreams
from lisa.bootstrap.assembly import Ports
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
from lisa.ports.calls import Limiter, Meter
from lisa.ports.instance_types import InstanceTypes
from lisa.ports.secrets import RenewableSecrets
from lisa.stores.models import ModelStore
from lisa.usecases.answer_cache import AnswerCache
from lisa.usecases.audit import Refusals


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


NO_LITELLM = LiteLlmService()
USUAL_BOUNDS = Bounds()


def build_gateway(  # noqa: PLR0913 - every port a gateway stands on, by name
    ports: Ports,
    authenticate: Authenticator,
    *,
    secrets: RenewableSecrets,
    limiter: Limiter,
    meter: Meter,
    litellm: LiteLlmService = NO_LITELLM,
    origins: frozenset[str] = frozenset(),
    refusals: Refusals | None = None,
    instance_types: InstanceTypes | None = None,
    cache: AnswerCache | None = None,
    bounds: Bounds = USUAL_BOUNDS,
    turns: TurnPorts | None = None,
    beside: tuple[Callable[[], Coroutine[None, None, None]], ...] = (),
) -> GatewayService:
    """Return the gateway; `origins` are the pages that may call it from a browser.

    What limiter and meter do in the background goes on `beside` it. Mount it at `/v1`, `/v2/serve`
    and `/anthropic` within `running()`, or let a server run it.
    """
    upstreams = PooledUpstreams()
    registry = Registry(ModelStore(ports.tables))
    relay = Relay(upstreams, Targets(secrets, litellm.url, litellm.key))
    queues = Queues(bounds.longest_queue, bounds.patience)
    memory = Remembering(cache) if cache else None
    calls = Calls(registry, relay, limiter, meter, ports.clock, queues, memory)
    served = serve_turns(turns, calls, bounds.largest_body) if turns else None
    gateway = Gateway(
        authenticate=authenticate,
        calls=calls,
        ids=ports.ids,
        cors=Cors(origins),
        largest_body=bounds.largest_body,
        instance_types=instance_types,
        denials=Denials(refusals),
        turns=served.routes if served else None,
    )
    works = (served.turns.keep, *beside) if served else beside
    return GatewayService(gateway, upstreams, works)
