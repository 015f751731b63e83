"""Models as they are shown: everything to who may change them, the rest to their users."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import Field

from lisa.domain.identity import Principal
from lisa.domain.model import Feature, Model, ModelStatus, ModelType, Upstream
from lisa.domain.policy import Kind, Thing, Verb, decide
from lisa.http.models.lisa_schedules import SchedulingConfig
from lisa.http.models.wire import HostingOut, Wire, WireLimits, WirePrices, WireTimeouts
from lisa.ports.prober import Probe

HostingType: TypeAlias = Literal["third_party", "lisa_hosted", "internal_hosted"]
NOT_FOR_USERS: Final[Mapping[str, object]] = {
    "upstreams": (),
    "created_by": "",
    "next_step": "",
    "run": "",
    "hosting": None,
}
INTERNAL: Final = ".elb."  # by which LISA knows its own network's models, in any partition


class ModelOut(Wire):
    """A model; where it answers and with which key is for administrators."""

    model_id: str
    model_name: str
    model_url: str | None
    model_description: str
    model_type: ModelType
    streaming: bool
    features: Sequence[Feature]
    allowed_groups: list[str]
    hosting_type: HostingType
    status: ModelStatus
    reason: str = Field(description="Why it is where it is, or what is being done.")
    next_step: str
    run: str
    hosting: HostingOut | None
    scheduling: SchedulingConfig | None
    context_window: int | None
    max_tokens: int | None
    fallbacks: Sequence[str]
    limits: WireLimits
    prices: WirePrices | None
    timeouts: WireTimeouts
    cache_seconds: int
    upstreams: Sequence[Upstream]
    built_in: bool
    created: datetime
    created_by: str
    changed: datetime
    version: int

    @classmethod
    def of(cls, model: Model, viewer: Principal) -> "ModelOut":
        """Show a model to somebody."""
        keeps = decide(viewer, Verb.CHANGE, Thing(Kind.MODEL, model.id)).allowed
        first = model.upstreams[0] if model.upstreams else None
        own = model.model_dump(include=cls.model_fields.keys() - NOT_FOR_USERS.keys())
        return cls.model_validate(
            own
            | {
                "model_id": model.id,
                "model_name": (_name(model) if keeps else "") or model.id,
                "model_url": (first.url if first and keeps else "") or None,
                "model_description": model.description,
                "model_type": model.type,
                "allowed_groups": sorted(model.groups),
                "hosting_type": "lisa_hosted" if model.hosting else _hosting(first),
                "scheduling": SchedulingConfig.of(model.schedule) if model.schedule else None,
                **(_kept_from_users(model) if keeps else NOT_FOR_USERS),
            }
        )


class OneModel(Wire):
    """A model, as LISA wraps it."""

    model: ModelOut


class ModelPage(Wire):
    """Models, in order of their ids."""

    models: list[ModelOut]
    next_cursor: str = Field(
        description="Send it back as `cursor` for the next page; empty at the end."
    )


class Tried(Wire):
    """What came of calling one upstream; without a cause it answered."""

    upstream: str
    ok: bool
    milliseconds: int
    cause: str
    message: str
    next_step: str


class TestResult(Wire):
    """What came of calling every upstream of a model."""

    ok: bool
    results: list[Tried]

    @classmethod
    def of(cls, probes: Sequence[Probe]) -> "TestResult":
        """Show the results."""
        results = [Tried.model_validate(each, from_attributes=True) for each in probes]
        return cls(ok=bool(probes) and all(each.ok for each in probes), results=results)


def _kept_from_users(model: Model) -> dict[str, object]:
    hosting = model.hosting.model_dump() if model.hosting else None
    return {name: getattr(model, name) for name in NOT_FOR_USERS} | {"hosting": hosting}


def _name(model: Model) -> str:
    """Return what is called by the model's first upstream, or what its engine loads."""
    if model.hosting:
        return model.hosting.weights.source
    return model.upstreams[0].target if model.upstreams else ""


def _hosting(upstream: Upstream | None) -> HostingType:
    host = urlsplit(upstream.url).hostname if upstream else ""
    return "internal_hosted" if INTERNAL in (host or "") else "third_party"
