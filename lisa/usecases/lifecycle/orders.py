"""What can be asked for with models that we run, and what was done to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeAlias

from lisa.domain.errors import Conflict, Invalid
from lisa.domain.hosting import Hosting, HostKind
from lisa.domain.identity import Principal
from lisa.domain.lifecycle import ModelEvent
from lisa.domain.model import Model, ModelStatus, ModelType
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.schedules import Schedule
from lisa.ports.hosts import Host
from lisa.usecases.lifecycle.beginning import Asked, Beginning, Wish
from lisa.usecases.lifecycle.ground import host_among, hosting_of
from lisa.usecases.model_rules import checked, refuse_unknown_fallbacks, refuse_unusable_id
from lisa.usecases.models import Wanted

LOOKED_AFTER_EVERY: Final = 1.0
AT_REST: Final = frozenset({ModelStatus.STOPPED, ModelStatus.FAILED})
Check: TypeAlias = Callable[[Hosting, ModelType], None]  # raises `Invalid` for what can't be
Change: TypeAlias = Callable[[Hosting], Hosting]
Fields: TypeAlias = Mapping[str, object]
NOTHING: Final[Fields] = {}
NOTHING_FAILED: Final[Fields] = {"schedule_error": "", "schedule_tries": 0}
BY_HAND: Final = frozenset({"start", "stop"})


@dataclass(frozen=True)
class Lifecycle:
    """What a caller can do with models that we run. What takes long is a workflow's."""

    beginning: Beginning
    hosts: Mapping[HostKind, Host]
    check: Check

    async def create(self, asked: Asked, wanted: Wanted, hosting: Hosting) -> Model:
        """Begin to make a model."""
        require(asked.caller, Verb.CREATE, Thing(Kind.MODEL, wanted.id))
        refuse_unusable_id(wanted.id)
        model = self._made(asked.caller, wanted, hosting)
        self._refuse_unusable(model)
        await refuse_unknown_fallbacks(self.beginning.models, model)
        return await self.beginning.make(asked, model)

    async def update(
        self, asked: Asked, model_id: str, change: Change, fields: Fields = NOTHING
    ) -> Model:
        """Begin to run a model in another way; one at rest does so from its next start.

        The fields are changed with it, at once.
        """
        require(asked.caller, Verb.CHANGE, Thing(Kind.MODEL, model_id))
        await self._refuse_unknown_fallbacks(model_id, fields)

        def wish(model: Model) -> Wish:
            former = hosting_of(model)
            new = _with(model, fields, change(former))
            hosting = hosting_of(new)
            _refuse_other_host(former, hosting)
            self._refuse_unusable(new)
            changes = {name: getattr(new, name) for name in (*fields, "hosting")}
            if model.status in AT_REST or (hosting, new.type) == (former, model.type):
                return Wish(Verb.CHANGE, changes=changes)
            kept = {"former": former.model_dump(mode="json")}
            return Wish(Verb.CHANGE, ModelStatus.UPDATING, changes, kept)

        return await self.beginning.bring(asked, model_id, wish)

    async def schedule(self, asked: Asked, model_id: str, schedule: Schedule | None) -> Model:
        """Let a model run at these hours, and bring it to what they say now; None ends that."""
        require(asked.caller, Verb.CHANGE, Thing(Kind.MODEL, model_id))
        changes = {"schedule": schedule, "schedule_done": None, **NOTHING_FAILED}
        return await self._bring(asked, model_id, Wish("schedule", changes=changes))

    async def delete(self, asked: Asked, model_id: str) -> Model:
        """Begin to remove everything of a model, whatever else is being done with it."""
        require(asked.caller, Verb.DELETE, Thing(Kind.MODEL, model_id))
        return await self._bring(asked, model_id, Wish(Verb.DELETE, ModelStatus.DELETING))

    async def start(self, asked: Asked, model_id: str, fields: Fields = NOTHING) -> Model:
        """Begin to bring a model that stands still into service."""
        require(asked.caller, Verb.CHANGE, Thing(Kind.MODEL, model_id))
        await self._refuse_unknown_fallbacks(model_id, fields)
        return await self._bring(asked, model_id, Wish("start", ModelStatus.STARTING, fields))

    async def stop(self, asked: Asked, model_id: str, fields: Fields = NOTHING) -> Model:
        """Begin to take a model out of service."""
        require(asked.caller, Verb.CHANGE, Thing(Kind.MODEL, model_id))
        await self._refuse_unknown_fallbacks(model_id, fields)
        return await self._bring(asked, model_id, Wish("stop", ModelStatus.STOPPING, fields))

    async def wake(self, caller: Principal, model_id: str) -> Model:
        """Begin to start a stopped model for whoever may use it; many callers start it once."""
        model = await self.beginning.existing(model_id)
        require(caller, Verb.USE, Thing(Kind.MODEL, model_id, groups=model.groups))
        if model.status is not ModelStatus.STOPPED:
            return model
        asked = Asked(caller, version=model.version)
        try:
            return await self._bring(asked, model_id, Wish("wake", ModelStatus.STARTING))
        except Conflict:  # somebody else woke it
            return await self.beginning.existing(model_id)

    async def timeline(
        self, caller: Principal, model_id: str, after: int, *, limit: int = 100, wait: float = 0
    ) -> list[ModelEvent]:
        """Return what was done after that event; where it is nothing, wait for it a while."""
        require(caller, Verb.LIST_ALL, Thing(Kind.MODEL, model_id))
        clock, events = self.beginning.clock, self.beginning.events
        if await events.newest(model_id) is None:
            await self.beginning.existing(model_id)
        until = clock.now() + timedelta(seconds=wait)
        while True:
            found = await events.page(model_id, after, limit)
            if found or clock.now() >= until:
                return found
            await clock.sleep(LOOKED_AFTER_EVERY)

    async def _bring(self, asked: Asked, model_id: str, wish: Wish) -> Model:
        def for_hosted(model: Model) -> Wish:
            new = _with(model, wish.changes, hosting_of(model))
            changes = {name: getattr(new, name) for name in wish.changes}
            if model.schedule and wish.verb in BY_HAND and not asked.why:
                changes["schedule_done"] = self.beginning.clock.now()  # it may not undo this
            return replace(wish, changes=changes)

        return await self.beginning.bring(asked, model_id, for_hosted)

    async def _refuse_unknown_fallbacks(self, model_id: str, fields: Fields) -> None:
        model = await self.beginning.existing(model_id)
        new = _with(model, fields, model.hosting)
        await refuse_unknown_fallbacks(self.beginning.models, new)

    def _refuse_unusable(self, model: Model) -> None:
        hosting = hosting_of(model)
        host_among(self.hosts, hosting)
        self.check(hosting, model.type)

    def _made(self, caller: Principal, wanted: Wanted, hosting: Hosting) -> Model:
        _refuse_own_upstreams(wanted.fields, wanted.api_keys)
        now = self.beginning.clock.now()
        about = {"id": wanted.id, "created": now, "changed": now, "created_by": caller.subject}
        status = {"status": ModelStatus.CREATING, "hosting": hosting}
        return checked({**wanted.fields, **about, **status})


def _with(model: Model, fields: Fields, hosting: Hosting | None) -> Model:
    _refuse_own_upstreams(fields)
    kept = {name: getattr(model, name) for name in Model.model_fields}
    return checked({**kept, **fields, "hosting": hosting})


def _refuse_own_upstreams(fields: Fields, api_keys: Mapping[str, str] | None = None) -> None:
    if api_keys or fields.get("upstreams"):
        raise Invalid("a model that we run gets its upstreams from its host", code="bad_model")


def _refuse_other_host(former: Hosting, wanted: Hosting) -> None:
    if wanted.kind is not former.kind:
        raise Invalid(
            f"a model that {former.kind} runs can't move to {wanted.kind}",
            next_step="create another model there, and delete this one",
            code="other_host",
        )
