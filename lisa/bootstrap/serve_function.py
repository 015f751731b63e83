"""Puts together the gateway as a function: ports that last, and a gateway for each call."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lisa.adapters.ec2.instance_types import SdkInstanceTypes
from lisa.bootstrap.authentication import authenticator, noting_people
from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.environment import read
from lisa.bootstrap.every_door import last_uses, refusals
from lisa.bootstrap.gateway import build_gateway
from lisa.bootstrap.logs import show_bare, show_logs
from lisa.bootstrap.metered import metered
from lisa.bootstrap.secrets import secrets_of
from lisa.bootstrap.stop_signal import StopSignal
from lisa.bootstrap.tool_calls_when_asked import ToolServersWhenAsked
from lisa.bootstrap.turns import TurnPorts
from lisa.declared.settings import ServeSettings
from lisa.gateway.app import Authenticator
from lisa.gateway.service import GatewayService
from lisa.ports.secrets import RenewableSecrets
from lisa.ports.tool_servers import ToolServers
from lisa.usecases.call_lines import CallLines

LEAST: Final = 1.0  # second for a turn to be told that it has to end


class UntilThen(StopSignal):
    """Says how long there is time; a function is told so before, and no signal comes."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds, LEAST)
        self._ends = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return how long what goes on without callers may still take."""
        return max(LEAST, self._ends - time.monotonic())


@dataclass(frozen=True)
class ServeFunction:
    """What lasts as long as the sandbox does, whose process is frozen between two calls.

    Nothing may be under way then, and no later call may ever come. So the gateway itself lives for
    one call: it ends as one that was told to stop, when all is given back, counted and stored.
    """

    settings: ServeSettings
    ports: ContentPorts
    authenticate: Authenticator
    secrets: RenewableSecrets
    servers: ToolServers
    instance_types: SdkInstanceTypes

    def gateway(self, seconds: float) -> GatewayService:
        """Return a gateway whose turns have so many seconds."""
        ports, settings = self.ports, self.settings
        counting = metered(
            ports, settings.serve_journal, settings.usage_days, CallLines(settings.serve_metrics)
        )
        turns = TurnPorts(
            ports,
            self.servers,
            UntilThen(seconds),
            chat=settings.serve_chat == "on",
            longest_turn=seconds,
        )
        return build_gateway(
            ports,
            self.authenticate,
            secrets=self.secrets,
            limiter=counting.limiter,
            meter=counting.meter,
            origins=frozenset(settings.serve_origins),
            refusals=refusals(ports),
            instance_types=self.instance_types,
            turns=turns,
            beside=counting.beside,
        )


def build(environ: Mapping[str, str]) -> ServeFunction:
    """Return what this environment describes."""
    settings = read(ServeSettings, environ)
    show_logs(settings.log_level)
    show_bare("lisa.calls")
    ports, secrets = ports_of(settings), secrets_of(environ)
    authenticate = authenticator(ports.tables, ports.clock, settings, uses=last_uses(ports))
    return ServeFunction(
        settings,
        ports,
        noting_people(authenticate, ports.tables, ports.clock),
        secrets,
        ToolServersWhenAsked(secrets),
        SdkInstanceTypes(),
    )
