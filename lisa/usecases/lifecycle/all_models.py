"""Models, whoever runs them: what is asked for goes to those who can do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from lisa.declared.gpu_counts import gpus_in
from lisa.domain.errors import Conflict, Invalid
from lisa.domain.hosting import Hosting, HostKind
from lisa.domain.model import Model
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.schedules import Schedule
from lisa.stores.model_answers import ModelAnswers
from lisa.usecases.lifecycle.beginning import Asked
from lisa.usecases.lifecycle.once import Once
from lisa.usecases.lifecycle.orders import Change, Lifecycle
from lisa.usecases.model_rules import hosting_checked
from lisa.usecases.models import Changes, Models, Noting, Wanted


@dataclass(frozen=True)
class AllModels:
    """What a caller can do with any model; without `lifecycle` none is run by us."""

    models: Models
    lifecycle: Lifecycle | None = None

    @property
    def hosted(self) -> Lifecycle:
        """Return what is done with models that we run."""
        if self.lifecycle is None:
            raise Invalid(
                "this LISA has no host that could run models",
                next_step="use a model that runs elsewhere",
                code="no_such_host",
            )
        return self.lifecycle

    async def create(
        self, asked: Asked, wanted: Wanted, hosting: Mapping[str, object] | None
    ) -> Model:
        """Make a model; one with a hosting is being created when this returns."""
        require(asked.caller, Verb.CREATE, Thing(Kind.MODEL, wanted.id))
        return await self._once.do(asked.request, partial(self._create, asked, wanted, hosting))

    async def change(
        self, asked: Asked, model_id: str, changes: Changes, change: Change | None
    ) -> Model:
        """Change a model; what it runs on, and whether it runs, is changed by its host."""
        require(asked.caller, Verb.CHANGE, Thing(Kind.MODEL, model_id))
        work = partial(self._change, asked, model_id, changes, change)
        return await self._once.do(asked.request, work)

    async def schedule(self, asked: Asked, model_id: str, schedule: Schedule | None) -> Model:
        """Let a model run at these hours; None ends that."""
        require(asked.caller, Verb.CHANGE, Thing(Kind.MODEL, model_id))
        work = partial(self.hosted.schedule, asked, model_id, schedule)
        return await self._once.do(asked.request, work)

    async def remove(self, asked: Asked, model_id: str) -> Model:
        """Remove a model; one that we run is being deleted when this returns."""
        require(asked.caller, Verb.DELETE, Thing(Kind.MODEL, model_id))
        return await self._once.do(asked.request, partial(self._remove, asked, model_id))

    @property
    def _answers(self) -> ModelAnswers:
        return ModelAnswers(self.models.store.tables)

    @property
    def _once(self) -> Once:
        return Once(self._answers)

    def _noting(self, asked: Asked) -> Noting:
        """Return what writes the answer with a model that runs elsewhere."""
        now = self.models.clock.now()
        return lambda model: self._answers.steps(asked.request, model, now)

    async def _create(
        self, asked: Asked, wanted: Wanted, hosting: Mapping[str, object] | None
    ) -> Model:
        if hosting is None:
            return await self.models.create(asked.caller, wanted, self._noting(asked))
        first = next(iter(self.hosted.hosts), None)
        whole = hosting_checked(_with_gpus({"kind": first, **hosting}))
        return await self.hosted.create(asked, wanted, whole)

    async def _change(
        self, asked: Asked, model_id: str, changes: Changes, change: Change | None
    ) -> Model:
        model = await self.models.existing(model_id)
        if change is None and not (model.hosting and _concerns_host(changes)):
            noting = self._noting(asked)
            return await self.models.update(asked.caller, model_id, changes, noting)
        if change and changes.enabled is not None:
            raise Invalid(
                "enabled can't be changed together with what the model runs on",
                next_step="change one after the other",
                code="bad_change",
            )
        return await self._changed(asked, model_id, changes, change)

    async def _remove(self, asked: Asked, model_id: str) -> Model:
        model = await self.models.existing(model_id)
        if model.hosting is None:
            return await self.models.remove(asked.caller, model_id, self._noting(asked))
        return await self.hosted.delete(asked, model_id)

    async def _changed(
        self, asked: Asked, model_id: str, changes: Changes, change: Change | None
    ) -> Model:
        fields = changes.fields
        try:
            if changes.enabled is None:
                return await self.hosted.update(asked, model_id, change or _as_it_is, fields)
            turn = self.hosted.start if changes.enabled else self.hosted.stop
            return await turn(asked, model_id, fields)
        except Conflict as conflict:
            if conflict.precise_code != "illegal_transition":
                raise
            raise Invalid(  # as LISA's clients know it
                conflict.message, next_step=conflict.next_step, code="bad_status"
            ) from conflict


def _concerns_host(changes: Changes) -> bool:
    return changes.enabled is not None or "type" in changes.fields


def _as_it_is(hosting: Hosting) -> Hosting:
    return hosting


def _with_gpus(hosting: Mapping[str, object]) -> Mapping[str, object]:
    """Return it with all GPUs of its instance type, where it isn't said how many it uses."""
    on_instance = hosting["kind"] == HostKind.CLOUDFORMATION and "gpus" not in hosting
    return (
        {**hosting, "gpus": gpus_in(str(hosting.get("instance_type")))} if on_instance else hosting
    )
