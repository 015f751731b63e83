"""Writing what is wanted of a model, and beginning the run that does it."""

import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import JsonValue

from lisa.domain.audit import Deed
from lisa.domain.conflicts import outdated, overtaken
from lisa.domain.errors import ConditionFailed, LisaError, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.lifecycle import ON_ITS_WAY, ModelEvent, Phase, refuse_illegal
from lisa.domain.model import ID_PATTERN, Model, ModelStatus
from lisa.domain.policy import Kind
from lisa.ports.clock import Clock
from lisa.ports.table import Step
from lisa.ports.workflows import Workflows
from lisa.stores.model_answers import ModelAnswers, Repeatable
from lisa.stores.model_events import ModelEvents, Order
from lisa.stores.models import ModelStore
from lisa.usecases.audit import Audit
from lisa.usecases.model_rules import exists, not_found

MOST_TRIES: Final = 20
WORKFLOWS: Final[Mapping[ModelStatus, str]] = {
    ModelStatus.CREATING: "create_model",
    ModelStatus.UPDATING: "update_model",
    ModelStatus.STARTING: "start_model",
    ModelStatus.STOPPING: "stop_model",
    ModelStatus.DELETING: "delete_model",
}
log = logging.getLogger("lisa.models")


@dataclass(frozen=True)
class Asked:
    """By whom and how: `key` makes a repetition harmless, `version` is the one that is meant.

    `request` is what came with the key; a repetition is answered as it was.
    `why` is told in the timeline, where it isn't simply that somebody asked for it.
    """

    caller: Principal
    key: str = ""
    version: int | None = None
    why: str = ""
    request: Repeatable | None = None


@dataclass(frozen=True)
class Wish:
    """Where a model shall go, what changes at once, and what the run there must know.

    Without a status it stays where it is, and nothing is run.
    """

    verb: str
    status: ModelStatus | None = None
    changes: Mapping[str, object] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Beginning:
    """Begins runs; what is written and what is begun never part, however often it is asked for."""

    models: ModelStore
    events: ModelEvents
    workflows: Workflows
    clock: Clock
    audit: Audit

    async def existing(self, model_id: str) -> Model:
        """Return the model."""
        known = re.fullmatch(ID_PATTERN, model_id) is not None
        model = await self.models.by_id(model_id) if known else None
        if model is None:
            raise not_found(model_id)
        return model

    async def make(self, asked: Asked, model: Model) -> Model:
        """Store a model that is being created, and begin its run."""
        newest = await self.events.newest(model.id)
        version = newest.sequence + 1 if newest else 1  # so that a timeline goes on
        run = _run("create", asked, model)
        new = model.model_copy(update={"version": version, "run": run})
        if not await self.events.order(run):
            order = Order(run, WORKFLOWS[new.status], {"model": new.id})
            steps = await self._steps(asked, "create", None, new)
            try:
                await self.models.add(new, self.events.order_step(order, new.created), *steps)
            except ConditionFailed as failure:
                if not await self.events.order(run):
                    raise exists(new.id) from failure
        return await self._go(run, new.id)

    async def bring(self, asked: Asked, model_id: str, wish_of: Callable[[Model], Wish]) -> Model:
        """Send a model on its way; where somebody else was faster, from where it is then."""
        for _ in range(MOST_TRIES):
            old = await self.existing(model_id)
            wish = wish_of(old)
            run = _run(wish.verb, asked, old)
            if await self.events.order(run):
                return await self._go(run, model_id)
            if asked.version not in {None, old.version}:
                raise outdated(f"the model {old.id}", old.version)
            try:
                return await self._send(asked, old, wish, run)
            except ConditionFailed:
                continue
        raise overtaken("the model")

    async def begin(self, order: Order) -> None:
        """Begin a run; where that can't be done now, `Recovery` does it."""
        try:
            await self.workflows.start(order.workflow, order.run, order.state)
        except Unavailable as error:
            log.warning("the run %s could not be begun yet: %s", order.run, error)

    async def _send(self, asked: Asked, old: Model, wish: Wish, run: str) -> Model:
        if wish.status is None:
            changes = {**wish.changes, "changed": self.clock.now()}
            new = old.model_copy(update=changes)
            steps = await self._steps(asked, wish.verb, old, new)
            return await self.models.change(old, new, *steps)
        refuse_illegal(old.id, old.status, wish.status)
        about = {"status": wish.status, "run": run, "reason": "", "next_step": ""}
        new = old.model_copy(update={**about, **wish.changes, "changed": self.clock.now()})
        known = {"model": old.id, "routed": _is_routed(old)}
        order = Order(run, WORKFLOWS[wish.status], {**wish.state, **known})
        steps = await self._steps(asked, wish.verb, old, new)
        await self.models.change(old, new, self.events.order_step(order, new.changed), *steps)
        await self._give_up(old)
        return await self._go(run, new.id)

    async def _go(self, run: str, model_id: str) -> Model:
        """Begin what was ordered, if it isn't over; a second beginning does nothing."""
        order, model = await self.events.order(run), await self.existing(model_id)
        if order and model.run == run and model.status in ON_ITS_WAY:
            await self.begin(order)
        return model

    async def _give_up(self, former: Model) -> None:
        """Let the run end that was under way; its steps refuse to do anything more in any case."""
        if former.status not in ON_ITS_WAY:
            return
        try:
            await self.workflows.stop(WORKFLOWS[former.status], former.run)
        except LisaError as error:
            log.warning("the run %s could not be stopped: %s", former.run, error)

    async def _steps(
        self, asked: Asked, verb: str, old: Model | None, new: Model
    ) -> tuple[Step, ...]:
        """Return what else is written with a change: its event, and its record."""
        begins = new.run != (old.run if old else "")
        event = ModelEvent(
            model_id=new.id,
            sequence=old.version + 1 if old else new.version,
            at=new.changed,
            run=new.run,
            workflow=WORKFLOWS[new.status] if begins else "",
            step=verb,
            phase=Phase.BEGUN if begins else Phase.DONE,
            status=new.status,
            words=asked.why or f"{asked.caller.subject} asked for it",
        )
        before = _told(old) if old else None
        deed = Deed(verb, Kind.MODEL, new.id, before=before, after=_told(new))
        then = new.model_copy(update={"version": event.sequence})
        answer = ModelAnswers(self.events.tables).steps(asked.request, then, new.changed)
        return self.events.step(event), await self.audit.step(asked.caller, deed), *answer


def _run(verb: str, asked: Asked, model: Model) -> str:
    """Return the id of the run: one for each key, or else for each state of a model."""
    state = (str(model.created), str(model.version))
    about = (asked.caller.subject, asked.key) if asked.key else state
    digest = hashlib.sha256("\n".join((model.id, *about)).encode()).hexdigest()[:40]
    return f"{verb}-{digest}"


def _is_routed(model: Model) -> bool:
    """Tell whether calls may be under way."""
    return bool(model.upstreams) or model.status in {ModelStatus.STOPPING, ModelStatus.UPDATING}


def _told(model: Model) -> JsonValue:
    told: JsonValue = model.model_dump(
        mode="json", exclude={"version", "changed", "upstreams"}, exclude_none=True
    )
    return told
