"""Puts together the gateway as a process of its own, over the tables of a deployment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lisa.adapters.ec2.instance_types import SdkInstanceTypes
from lisa.bootstrap.authentication import authenticator, noting_people
from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.bell_on_aws import ringing
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.environment import read
from lisa.bootstrap.every_door import last_uses, refusals
from lisa.bootstrap.garbage import look_rarely
from lisa.bootstrap.gateway import Bounds, LiteLlmService, build_gateway
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.knowledge_on_aws import knowledge_on_aws, passes_of
from lisa.bootstrap.logs import show_bare, show_logs
from lisa.bootstrap.metered import metered
from lisa.bootstrap.secrets import secrets_of
from lisa.bootstrap.stop_signal import StopSignal
from lisa.bootstrap.tool_calls import tool_servers_of
from lisa.bootstrap.tool_calls_when_asked import IN_A_TURN
from lisa.bootstrap.tracing import App, tracing_of
from lisa.bootstrap.turns import USUAL_DRAIN, TurnPorts
from lisa.bootstrap.waker import waker_of
from lisa.declared.settings import ServeSettings
from lisa.gateway.asgi import Receive, Scope, Send
from lisa.gateway.waking import WakingBounds
from lisa.stores.model_reports import ModelReports
from lisa.usecases.call_lines import CallLines
from lisa.usecases.others_secrets import OthersSecrets
from lisa.usecases.renewable_passes import RenewablePasses


def settings_of(environ: Mapping[str, str]) -> ServeSettings:
    """Return what this environment says of the gateway."""
    return read(ServeSettings, environ)


@dataclass
class ServeApp:
    """The gateway as a server runs it: put together when it starts, inside the event loop."""

    environ: Mapping[str, str]
    service: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or live and die with the server."""
        if self.service is None:
            self.service = await build(self.environ)
            look_rarely()
        await self.service(scope, receive, send)


async def build(environ: Mapping[str, str]) -> App:
    """Return the gateway that this environment describes."""
    settings = settings_of(environ)
    show_logs(settings.log_level)
    secrets = secrets_of(environ)
    own_secrets = tuple(filter(None, (settings.litellm_secret, settings.passes_secret)))
    others = OthersSecrets(secrets, own_secrets)
    ports, passes, knowledge = _with_knowledge(settings, others)
    uses = last_uses(ports)
    authenticate = authenticator(ports.tables, ports.clock, settings, uses=uses)
    authenticate = replace(authenticate, passes=passes)
    tracing = tracing_of(environ)
    stop = StopSignal(settings.serve_drain_seconds, USUAL_DRAIN)
    watchers = (CallLines(settings.serve_metrics), *tracing.watchers)
    counting = metered(ports, settings.serve_journal, settings.usage_days, *watchers)
    show_bare("lisa.calls")
    servers = tool_servers_of(others, IN_A_TURN, programs=False)
    service = build_gateway(
        ports,
        noting_people(authenticate, ports.tables, ports.clock),
        secrets=secrets,
        own_secrets=own_secrets,
        limiter=counting.limiter,
        meter=counting.meter,
        cache=counting.cache,
        litellm=_litellm(settings),
        origins=frozenset(settings.serve_origins),
        refusals=refusals(ports),
        instance_types=SdkInstanceTypes(),
        bounds=_bounds(settings),
        turns=TurnPorts(ports, servers, stop, knowledge, chat=settings.serve_chat == "on"),
        waker=waker_of(settings),
        reports=ModelReports(ports.tables),
        stop=stop,
        beside=(*counting.beside, stop.listen, *tracing.beside),
    )
    return tracing.around(service)


def _with_knowledge(
    settings: ServeSettings, others: OthersSecrets
) -> tuple[ContentPorts, RenewablePasses | None, KnowledgePorts | None]:
    """Return the ports, with what keeps and searches files where the deployment does."""
    ports = ports_of(settings)
    if not settings.passes_secret:
        return ports, None, None
    ports = ringing(ports, settings.queue_work)
    passes = passes_of(ports, others.secrets, settings.passes_secret)
    itself = f"http://127.0.0.1:{settings.serve_port}"
    return ports, passes, knowledge_on_aws(ports, others, itself, passes)


def _bounds(settings: ServeSettings) -> Bounds:
    waking = WakingBounds(longest=settings.serve_wake_seconds, most=settings.serve_wake_most)
    return Bounds(waking=waking)


def _litellm(settings: ServeSettings) -> LiteLlmService:
    if not settings.litellm_secret:
        return LiteLlmService()
    return LiteLlmService(settings.litellm_url, settings.litellm_secret)
