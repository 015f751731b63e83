"""What a self-hosted model runs on: which engine, with which weights, and how much of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator

from lisa.domain.frozen import Frozen
from lisa.domain.planned_scaling import MOST_REPLICAS, PlannedScales

VARIABLE: Final = r"^[A-Za-z_][A-Za-z0-9_]{0,127}$"
INSTANCE_TYPE: Final = r"^([a-z0-9-]{2,20}\.[a-z0-9-]{2,20})?$"
Variable = Annotated[str, StringConstraints(pattern=VARIABLE)]
Value = Annotated[str, StringConstraints(max_length=4096)]


class HostKind(StrEnum):
    """Who runs the engine: subprocesses of this machine, a stack on AWS, or a script for demos."""

    PROCESSES = "processes"
    CLOUDFORMATION = "cloudformation"
    SCRIPTED = "scripted"


class EngineName(StrEnum):
    """The servers of models we can start; each is declared in `lisa.declared.engines`."""

    VLLM = "vllm"
    TGI = "tgi"
    TEI = "tei"
    LLAMA_CPP = "llama.cpp"


class Weights(Frozen):
    """What an engine loads: a folder of this machine, `s3://BUCKET/PREFIX`, or a hub's id."""

    source: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    revision: Annotated[str, StringConstraints(max_length=128)] = ""
    trust_remote_code: bool = False  # only by an administrator's explicit choice


class SteadyScaling(Frozen):
    """How many replicas there may be at any time, and what makes them more or fewer."""

    minimum: Annotated[int, Field(ge=0, le=MOST_REPLICAS)] = 1
    maximum: Annotated[int, Field(ge=1, le=MOST_REPLICAS)] = 1
    desired: Annotated[int, Field(ge=0, le=MOST_REPLICAS)] = 1
    metric: Literal["requests", "latency", "queue"] = "requests"
    target: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)] = 30
    cooldown_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    warmup_seconds: Annotated[int, Field(ge=1, le=3_600)] = 180

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.minimum <= self.desired <= self.maximum:
            raise ValueError("minimum <= desired <= maximum")
        return self


class Scaling(SteadyScaling):
    """How many replicas there may be, and when it is planned that there may be others."""

    planned: PlannedScales = ()


class HealthCheck(Frozen):
    """How a balancer finds out whether a replica is well; an empty path: the engine's own."""

    path: Annotated[str, StringConstraints(pattern=r"^(/[\x21-\x7e]{0,255})?$")] = ""
    interval_seconds: Annotated[int, Field(ge=5, le=300)] = 30
    timeout_seconds: Annotated[int, Field(ge=2, le=120)] = 10
    healthy_after: Annotated[int, Field(ge=2, le=10)] = 2
    unhealthy_after: Annotated[int, Field(ge=2, le=10)] = 3
    start_seconds: Annotated[int, Field(ge=10, le=7_200)] = 1_800


class Hosting(Frozen):
    """Everything a host needs to run a model; `options` are those of the engine."""

    kind: HostKind
    engine: EngineName
    weights: Weights
    options: Annotated[Mapping[str, JsonValue], Field(max_length=64)] = Field(default_factory=dict)
    environment: Annotated[Mapping[Variable, Value], Field(max_length=64)] = Field(
        default_factory=dict
    )
    image: Annotated[str, StringConstraints(max_length=512)] = ""  # empty: the engine's own
    instance_type: Annotated[str, StringConstraints(pattern=INSTANCE_TYPE)] = ""
    gpus: Annotated[int, Field(ge=0, le=16)] = 0
    scaling: Scaling = Scaling()
    health: HealthCheck = HealthCheck()
    disk_gb: Annotated[int, Field(ge=30, le=16_384)] = 50
    shared_memory_mb: Annotated[int, Field(ge=0, le=1_048_576)] = 0
    idle_seconds: Annotated[int, Field(ge=60, le=2_592_000)] | None = None  # None: never stopped
