"""Models: made, listed, changed, removed, tried; members of a model's groups see it."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pydantic import JsonValue

from lisa.domain.audit import Deed
from lisa.domain.conflicts import outdated, overtaken
from lisa.domain.errors import ConditionFailed, Conflict, Invalid
from lisa.domain.identity import Principal
from lisa.domain.model import ID_PATTERN, Model, ModelStatus
from lisa.domain.policy import Kind, Thing, Verb, decide, require
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.prober import Probe, Prober
from lisa.ports.secrets import SecretStore
from lisa.ports.table import Step
from lisa.stores.models import ModelStore
from lisa.usecases.audit import Audit
from lisa.usecases.model_keys import ModelKeys
from lisa.usecases.model_rules import (
    checked,
    exists,
    not_found,
    refuse_litellm,
    refuse_unknown_fallbacks,
    refuse_unusable_id,
)

MOST_TRIES: Final = 20
Noting: TypeAlias = Callable[[Model], tuple[Step, ...]]  # what else is written of a change


def noting_nothing(model: Model) -> tuple[Step, ...]:
    """Write nothing else."""
    del model
    return ()


@dataclass(frozen=True)
class Wanted:
    """A model to make or to try: values of its fields, and keys for upstreams by their ids."""

    id: str
    fields: Mapping[str, object]
    api_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Changes:
    """What to change; with a version, only if the model is still at that version."""

    fields: Mapping[str, object] = field(default_factory=dict)
    enabled: bool | None = None
    version: int | None = None
    api_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Models:
    """What a caller can do with models."""

    store: ModelStore
    vault: SecretStore
    prober: Prober
    clock: Clock
    ids: Ids
    audit: Audit
    has_litellm: bool = True

    async def create(
        self, caller: Principal, wanted: Wanted, noting: Noting = noting_nothing
    ) -> Model:
        """Make a model; keys that come with it are kept apart, never in its row."""
        require(caller, Verb.CREATE, Thing(Kind.MODEL, wanted.id))
        refuse_unusable_id(wanted.id)
        model = self._made(caller, wanted)
        await refuse_unknown_fallbacks(self.store, model)
        if await self.store.by_id(model.id):
            raise exists(model.id)
        async with self._keys.kept_with(model, wanted.api_keys) as whole:
            record = await self.audit.step(caller, _deed(Verb.CREATE, after=whole))
            try:
                await self.store.add(whole, record, *noting(whole))
            except ConditionFailed as failure:
                raise exists(model.id) from failure
        return whole

    async def page(self, caller: Principal, *, limit: int, cursor: str) -> tuple[list[Model], str]:
        """List the models the caller may see, in order of their ids."""
        found: list[Model] = []
        while True:
            models, cursor = await self.store.page(limit - len(found), cursor)
            found += [model for model in models if _may_see(caller, model)]
            if not cursor or len(found) == limit:
                return found, cursor

    async def get(self, caller: Principal, model_id: str) -> Model:
        """Return a model; one that the caller may not see isn't there."""
        model = await self.existing(model_id)
        if not _may_see(caller, model):
            raise not_found(model_id)
        return model

    async def existing(self, model_id: str) -> Model:
        """Return a model, whoever asks."""
        known = re.fullmatch(ID_PATTERN, model_id) is not None
        model = await self.store.by_id(model_id) if known else None
        if model is None:
            raise not_found(model_id)
        return model

    async def update(
        self,
        caller: Principal,
        model_id: str,
        changes: Changes,
        noting: Noting = noting_nothing,
    ) -> Model:
        """Change a model; where somebody else was faster, on top of theirs."""
        require(caller, Verb.CHANGE, Thing(Kind.MODEL, model_id))
        for _ in range(MOST_TRIES):
            old = await self.existing(model_id)
            if changes.version not in {None, old.version}:
                raise outdated(f"the model {old.id}", old.version)
            try:
                return await self._replace(caller, old, changes, noting)
            except ConditionFailed:
                continue
        raise overtaken("the model")

    async def remove(
        self, caller: Principal, model_id: str, noting: Noting = noting_nothing
    ) -> Model:
        """Forget a model and the keys that were kept for it; return what it was."""
        require(caller, Verb.DELETE, Thing(Kind.MODEL, model_id))
        for _ in range(MOST_TRIES):
            model = await self.existing(model_id)
            _refuse_built_in(model, "removed")
            _refuse_hosted(model, "removed")
            record = await self.audit.step(caller, _deed(Verb.DELETE, before=model))
            try:
                await self.store.remove(model, record, *noting(model))
            except ConditionFailed:
                continue
            await self._keys.forget_unused(model)
            return model
        raise overtaken("the model")

    async def test(self, caller: Principal, wanted: Wanted) -> Sequence[Probe]:
        """Call each upstream of a model that isn't saved."""
        require(caller, Verb.CREATE, Thing(Kind.MODEL, wanted.id))
        model = self._made(caller, wanted)
        async with self._keys.lent_to(model, wanted.api_keys) as whole:
            return await self._probed(caller, whole)

    async def test_saved(self, caller: Principal, model_id: str) -> Sequence[Probe]:
        """Call each upstream of a model there is."""
        require(caller, Verb.CHANGE, Thing(Kind.MODEL, model_id))
        return await self._probed(caller, await self.existing(model_id))

    @property
    def _keys(self) -> ModelKeys:
        return ModelKeys(self.store, self.vault, self.ids)

    async def _probed(self, caller: Principal, model: Model) -> Sequence[Probe]:
        """Note it, as it makes our machines call an address, and do it."""
        await self.audit.note(caller, _deed("test", after=model))
        calls = (self.prober.probe(model.id, model.type, each) for each in model.upstreams)
        return await asyncio.gather(*calls)

    def _made(self, caller: Principal, wanted: Wanted) -> Model:
        now = self.clock.now()
        about = {"id": wanted.id, "created": now, "changed": now, "created_by": caller.subject}
        return self._served(checked({**wanted.fields, **about}))

    def _served(self, model: Model) -> Model:
        if not self.has_litellm:
            refuse_litellm(model)
        return model

    async def _replace(
        self, caller: Principal, old: Model, changes: Changes, noting: Noting
    ) -> Model:
        given = dict(changes.fields)
        if "upstreams" in given:
            _refuse_built_in(old, "moved")
            _refuse_hosted(old, "moved")
        if changes.enabled is not None:
            _refuse_hosted(old, "switched")
            given["status"] = _switched(old, enabled=changes.enabled)
        fields = {name: getattr(old, name) for name in Model.model_fields}
        new = self._served(checked({**fields, **given, "changed": self.clock.now()}))
        await refuse_unknown_fallbacks(self.store, new)
        async with self._keys.kept_with(new, changes.api_keys) as whole:
            record = await self.audit.step(caller, _deed(Verb.CHANGE, before=old, after=whole))
            then = whole.model_copy(update={"version": old.version + 1})
            changed = await self.store.change(old, whole, record, *noting(then))
        await self._keys.forget_unused(old)
        return changed


def _may_see(caller: Principal, model: Model) -> bool:
    thing = Thing(Kind.MODEL, model.id, groups=model.groups)
    return decide(caller, Verb.READ, thing).allowed


def _switched(model: Model, *, enabled: bool) -> ModelStatus:
    """Return the status after switching on or off, which is only possible from the other one."""
    on, off = ModelStatus.IN_SERVICE, ModelStatus.STOPPED
    if model.status is not (off if enabled else on):
        raise Invalid(
            f"the model is {model.status}; only a model that is {off if enabled else on} "
            f"can be switched {'on' if enabled else 'off'}",
            next_step="look at its status",
            code="bad_status",
        )
    return on if enabled else off


def _refuse_built_in(model: Model, what: str) -> None:
    if model.built_in:
        raise Conflict(
            f"{model.id} is built in and can't be {what}",
            next_step="switch it off instead: `enabled: false`",
            code="built_in",
        )


def _refuse_hosted(model: Model, what: str) -> None:
    if model.hosting:
        raise Conflict(
            f"{model.id} is run by us and isn't {what} without its host",
            next_step="delete, start or stop it by its lifecycle",
            code="hosted",
        )


def _deed(verb: str, *, before: Model | None = None, after: Model | None = None) -> Deed:
    model = after or before
    return Deed(
        verb,
        Kind.MODEL,
        model.id if model else "",
        before=_told(before) if before else None,
        after=_told(after) if after else None,
    )


def _told(model: Model) -> dict[str, JsonValue]:
    """Tell of a model for the audit, which would mask what is called a `key`."""
    told = model.model_dump(mode="json", exclude={"version", "changed"}, exclude_none=True)
    for upstream in told["upstreams"]:
        upstream["reference"] = upstream.pop("key", None)
    return told
