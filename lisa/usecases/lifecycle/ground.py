"""What the steps of a model's life stand on: its host, and a try whether it answers there."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import Conflict, Invalid, Unavailable
from lisa.domain.hosting import Hosting, HostKind
from lisa.domain.model import MOST_UPSTREAMS, Model, Upstream
from lisa.ports.clock import Clock
from lisa.ports.hosts import Host, HostState, Observed
from lisa.ports.prober import Probe, Prober
from lisa.ports.traffic import Traffic
from lisa.ports.weights import WeightsReader
from lisa.stores.model_reports import ModelReports
from lisa.usecases.lifecycle.telling import Telling
from lisa.usecases.planned_scaling import hosting_now, replicas_of

NOT_TESTABLE: Final = "not_testable"  # no call to it is small enough: its host's word must do

LOOK: Final = "look at the logs of its replicas"


@dataclass(frozen=True)
class Ground:
    """The ports of the steps; without `traffic`, nobody knows how many calls are under way.

    `reports` are forgotten with their model; without `weights`, nothing is read of them.
    """

    telling: Telling
    hosts: Mapping[HostKind, Host]
    prober: Prober
    clock: Clock
    traffic: Traffic | None = None
    reports: ModelReports | None = None
    weights: WeightsReader | None = None

    def host(self, hosting: Hosting) -> Host:
        """Return the host that runs it."""
        return host_among(self.hosts, hosting)

    async def run(self, model_id: str, hosting: Hosting) -> int:
        """Ask its host for as many replicas as are to be there now, and return the number."""
        wanted = hosting_now(hosting, self.clock.now())
        replicas = replicas_of(wanted)
        await self.host(hosting).ensure(model_id, wanted, replicas)
        return replicas

    async def answering(self, model: Model, seen: Observed) -> tuple[Upstream, ...]:
        """Return the model's addresses when each of them has answered a call."""
        found = upstreams_of(seen)
        calls = (self.prober.probe(model.id, model.type, each) for each in found)
        _refuse_silence(await asyncio.gather(*calls))
        return found

    async def ready(self, model_id: str, host: Host) -> Observed:
        """Return what the host says when all that was asked of it is there."""
        seen = await host.observe(model_id)
        if seen.state is HostState.FAILED:
            raise host_failed(seen)
        if seen.state is not HostState.READY or not upstreams_of(seen):
            words = seen.words or "its host hasn't begun yet"
            raise Unavailable(words, next_step=seen.next_step or LOOK)
        return seen


def host_among(hosts: Mapping[HostKind, Host], hosting: Hosting) -> Host:
    """Return the host of this kind."""
    if hosting.kind in hosts:
        return hosts[hosting.kind]
    raise Invalid(
        f"this LISA can't run models by {hosting.kind}",
        next_step=f"choose one of: {', '.join(sorted(hosts)) or 'none'}",
        code="no_such_host",
    )


def hosting_of(model: Model) -> Hosting:
    """Return what the model runs on."""
    if model.hosting is None:
        raise Invalid(f"{model.id} isn't run by us", code="not_hosted")
    return model.hosting


def upstreams_of(seen: Observed) -> tuple[Upstream, ...]:
    """Return where calls go: to the one address of all replicas, or to each by its own."""
    if seen.address:
        return (Upstream(url=seen.address),)
    healthy = [each.address for each in seen.replicas if each.healthy and each.address]
    return tuple(
        Upstream(id=f"replica-{number}", url=address)
        for number, address in enumerate(healthy[:MOST_UPSTREAMS], start=1)
    )


def host_failed(seen: Observed) -> Conflict:
    """Say what the host says of its failure."""
    cause = seen.cause or seen.words or "its host failed"
    return Conflict(cause, next_step=seen.next_step or LOOK, code="host_failed")


def _refuse_silence(probes: Sequence[Probe]) -> None:
    silent = [each for each in probes if not each.ok and each.cause != NOT_TESTABLE]
    if not silent and probes:
        return
    first = next(iter(silent), None)
    raise Unavailable(
        f"it doesn't answer: {first.message or first.cause}" if first else "it has no address",
        next_step=(first.next_step if first else "") or LOOK,
    )
