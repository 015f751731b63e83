"""A call from leave to note: limits, attempts at upstreams and fallbacks, settling, metering."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeAlias

from lisa.domain.errors import Forbidden, LimitReached, LisaError, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.model import Model, Upstream
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.usage import cost_of
from lisa.gateway.asgi import raw
from lisa.gateway.asking import Asked, Outcome
from lisa.gateway.bodies import CallerGone
from lisa.gateway.choice import Place, Queues, place_of
from lisa.gateway.errors import not_in_service, status_of, unknown_model
from lisa.gateway.health import Circuit
from lisa.gateway.records import at_most, record_of
from lisa.gateway.registry import Registry
from lisa.gateway.relay import Refusal, Relay
from lisa.gateway.remembering import Remembering
from lisa.gateway.reply import Reply
from lisa.gateway.uses import Uses
from lisa.gateway.waking import WAITED_FOR, Waking
from lisa.ports.calls import Limiter, Meter
from lisa.ports.clock import Clock

MOST_REMEMBERED: Final = 1024
Use: TypeAlias = tuple[str, str | None, str]  # subject, token and model
CALLER_LEFT: Final = 499  # what proxies note where nobody waited for the answer
UPSTREAM_FAULTS: Final = frozenset(
    {"upstream_unreachable", "upstream_silent", "upstream_dropped", "upstream_broke"}
)


class Refused(Exception):
    """The last upstream that could be asked refused; the caller is given its own words."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


@dataclass(frozen=True)
class Calls:
    """Serves calls to models."""

    registry: Registry
    relay: Relay
    limiter: Limiter
    meter: Meter
    clock: Clock
    queues: Queues = field(default_factory=Queues)
    memory: Remembering | None = None
    uses: Uses = field(default_factory=Uses)
    waking: Waking | None = None
    _let_in: dict[Use, tuple[Principal, Model]] = field(default_factory=dict, init=False)

    async def serve(self, asked: Asked, reply: Reply) -> None:
        """Answer the call, by its model or by one of its fallbacks, and note what it used."""
        model = self._usable(asked.caller, asked.body.model)
        outcome = Outcome(model=model.id)
        at = self.clock.now()
        try:
            with reply:
                await self._by_any(self._chain(asked, model), asked, reply, outcome)
        except CallerGone:
            outcome.ended = "gone"
            outcome.status = outcome.status if reply.started else CALLER_LEFT
            raise
        except LisaError as error:
            if not reply.started:
                outcome.status = status_of(error)
                raise
        finally:
            self.meter.note(record_of(asked, model, outcome, at))

    async def check(self, asked: Asked) -> None:
        """Refuse, and note, what limits refuse now, as `serve` would; nothing is reserved."""
        model = usable(self.registry, asked.caller, asked.body.model)
        at = self.clock.now()
        try:
            permit = await self.limiter.admit(asked.of(model))
        except LisaError as error:
            outcome = Outcome(model=model.id, status=status_of(error))
            self.meter.note(record_of(asked, model, outcome, at))
            raise
        await permit.settle(None, 0)

    def can_call(self, model: Model) -> bool:
        """Tell whether the model itself answers a call, at once or when it has been woken."""
        is_waited_for = self.waking and model.hosting and model.status in WAITED_FOR
        return model.in_service or bool(is_waited_for)

    async def follow(self) -> None:
        """Tell those who wait in line of every change, for as long as this process serves."""
        while True:
            await self.registry.next_change().wait()
            self.queues.look_again()

    def _usable(self, caller: Principal, name: str) -> Model:
        """Return the model; who was let in to it is, until caller or model is read anew."""
        use = (caller.subject, caller.token_id, name)
        known = self._let_in.get(use)
        if known and known[0] is caller and known[1] is self.registry.get(name):
            return known[1]
        model = usable(self.registry, caller, name)
        if len(self._let_in) >= MOST_REMEMBERED:
            self._let_in.clear()
        self._let_in[use] = (caller, model)
        return model

    def _chain(self, asked: Asked, model: Model) -> list[Model]:
        """Return who may answer: the model, then its fallbacks that the caller may use."""
        if model.in_service and not model.fallbacks:
            return [model]
        named = (self.registry.get(name) for name in model.fallbacks)
        fallbacks = [
            each for each in named if each and each.in_service and may_use(asked.caller, each)
        ]
        if self.can_call(model):
            return [model, *fallbacks]
        if not fallbacks:
            raise not_in_service(model)
        return fallbacks

    async def _by_any(
        self, chain: list[Model], asked: Asked, reply: Reply, outcome: Outcome
    ) -> None:
        """Ask one after the other; if none answers, the caller is told what the first one said."""
        first_failure: LisaError | Refused | None = None
        for model in chain:
            try:
                await self._by(model, asked, reply, outcome, alone=len(chain) == 1)
            except (Unavailable, LimitReached, Refused) as error:
                if reply.started or (isinstance(error, LimitReached) and model is chain[0]):
                    raise
                first_failure = first_failure or error
            else:
                return
        if isinstance(first_failure, Refused):
            await _pass_refusal(first_failure.refusal, reply, outcome)
        elif first_failure:
            raise first_failure

    async def _by(
        self, model: Model, asked: Asked, reply: Reply, outcome: Outcome, *, alone: bool
    ) -> None:
        """Reserve, let the upstreams of this model try, and settle what was used."""
        ask = asked.of(model)
        reply.listen()
        permit = await self.limiter.admit(ask)
        reply.left = raw(permit.headers)
        try:
            if self.waking and not model.in_service:
                model = await self._woken(self.waking, model, asked, reply, alone=alone)
            self.meter.begin(ask)
            await self._counted(model, asked, reply, outcome)
        except asyncio.CancelledError:
            if outcome.reached and outcome.counts is None:
                outcome.counts = at_most(ask)
            raise
        finally:
            reply.listen_no_more()  # nobody who hangs up now may keep us from settling
            if outcome.counts and model.prices and not outcome.cache_hit:
                outcome.cost = cost_of(model.prices, outcome.counts)
                outcome.price_source = model.prices.told_by
            await permit.settle(outcome.counts, outcome.cost)

    async def _woken(
        self, waking: Waking, model: Model, asked: Asked, reply: Reply, *, alone: bool
    ) -> Model:
        """Have a model started; wait for it only if nobody else can answer."""
        if not alone:
            await waking.begin(asked.caller, model)
        await waking.until_ready(model, asked, reply)
        return usable(self.registry, asked.caller, model.id)

    async def _counted(self, model: Model, asked: Asked, reply: Reply, outcome: Outcome) -> None:
        """Answer, and count the call as long as it is under way if we run the model."""
        if model.hosting is None:
            await self._answer(model, asked, reply, outcome)
            return
        count, begun = self.uses.of(model.id), time.perf_counter()
        count.begin()
        try:
            await self._answer(model, asked, reply, outcome)
        finally:
            count.end()
            if outcome.tries and outcome.first_byte_ms is not None:
                count.answers(asked.started + outcome.first_byte_ms / 1000 - begun)

    async def _answer(self, model: Model, asked: Asked, reply: Reply, outcome: Outcome) -> None:
        """Answer from memory where that is wanted and can be done, else by an upstream."""
        key = self.memory.key(asked, model) if self.memory else None
        if self.memory is None or key is None:
            await self._attempts(model, asked, reply, outcome)
        elif not await self.memory.tell(key, model, reply, outcome):
            await self._attempts(model, asked, reply, outcome)
            self.memory.keep(key, reply, outcome)

    async def _attempts(self, model: Model, asked: Asked, reply: Reply, outcome: Outcome) -> None:
        """Try one upstream after the other until one answers."""
        if model.hosting:
            self.uses.of(model.id).sent += 1
        queue = self.queues.of(model)
        tried: list[Place] = []
        failure: Unavailable | Refused | None = None
        while upstream := await queue.enter(lambda: self._now(model), tried):
            outcome.tries += 1
            try:
                circuit = queue.of(upstream).circuit
                failure = await self._attempt(model, upstream, circuit, asked, reply, outcome)
            finally:
                queue.leave(upstream)
            if failure is None:
                return
            if not _was_stale(failure, outcome):
                tried.append(place_of(upstream))
        raise failure or Unavailable(
            f"the model `{model.id}` has no upstream", next_step="ask an administrator"
        )

    def _now(self, model: Model) -> Sequence[Upstream]:
        """Return who answers for a model by now; for one on its way out, who did so before."""
        newest = self.registry.get(model.id)
        return newest.upstreams if newest and newest.upstreams else model.upstreams

    async def _attempt(
        self,
        model: Model,
        upstream: Upstream,
        circuit: Circuit,
        asked: Asked,
        reply: Reply,
        outcome: Outcome,
    ) -> Unavailable | Refused | None:
        """Answer through this upstream; return why not, where another one may do better."""
        try:
            refusal = await self.relay.attempt(asked, model, upstream, reply, outcome)
        except Unavailable as error:
            _note_fault(circuit, error, outcome)
            if reply.started:
                raise
            outcome.reached = False
            return error
        if refusal and refusal.may_do_elsewhere:
            outcome.reached = False
            if refusal.status != HTTPStatus.TOO_MANY_REQUESTS:
                circuit.failed()
            return Refused(refusal)
        circuit.went_well()
        if refusal:
            outcome.reached = False
            await _pass_refusal(refusal, reply, outcome)
        return None


def usable(registry: Registry, caller: Principal, name: str) -> Model:
    """Return a model that the caller may use; of others not even that they exist is told."""
    model = registry.get(name)
    if model is None or not may_use(caller, model):
        raise unknown_model(name)
    return model


def may_use(caller: Principal, model: Model) -> bool:
    """Ask the policy."""
    try:
        require(caller, Verb.USE, Thing(Kind.MODEL, model.id, groups=model.groups))
    except Forbidden:
        return False
    return True


def _was_stale(failure: Exception, outcome: Outcome) -> bool:
    """Tell whether an idle connection was hung up just as we used it: the first one is none."""
    dropped = isinstance(failure, Unavailable) and failure.precise_code == "upstream_dropped"
    return dropped and outcome.tries == 1


def _note_fault(circuit: Circuit, error: Unavailable, outcome: Outcome) -> None:
    if error.precise_code in UPSTREAM_FAULTS and not _was_stale(error, outcome):
        circuit.failed(unreachable=error.precise_code == "upstream_unreachable")


async def _pass_refusal(refusal: Refusal, reply: Reply, outcome: Outcome) -> None:
    """Give the caller the upstream's own words."""
    outcome.status = refusal.status
    await reply.start(refusal.status, refusal.headers)
    await reply.end(refusal.body)
