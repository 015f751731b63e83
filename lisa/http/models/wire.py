"""How values of models are named on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from lisa.domain.hosting import HealthCheck, Hosting, Scaling, SteadyScaling, Weights
from lisa.domain.identity import Limits
from lisa.domain.model import Prices, Timeouts
from lisa.domain.planned_scaling import PlannedScale
from lisa.domain.schedules import DAYS

CAMEL = ConfigDict(alias_generator=to_camel, populate_by_name=True)
SHOWN = ConfigDict(**CAMEL, json_schema_serialization_defaults_required=True)
Count = Annotated[int, Field(ge=0, le=10**9)]


class Wire(BaseModel):
    """Names on the wire are in camel case."""

    model_config = CAMEL


class WireLimits(Limits):
    """What all calls to the model together may use."""

    model_config = CAMEL


class WirePrices(Prices):
    """US dollars per million tokens."""

    model_config = CAMEL


class WireTimeouts(Timeouts):
    """Seconds."""

    model_config = CAMEL


class WireWeights(Weights):
    """What an engine loads: a folder of this machine, `s3://BUCKET/PREFIX`, or a hub's id."""

    model_config = CAMEL


class WirePlannedScale(Wire):
    """From this moment until the next one that is planned, there are so many replicas."""

    model_config = ConfigDict(**CAMEL, extra="forbid")

    at: Annotated[str, Field(max_length=16, description="Like 08:00.")]
    days: Annotated[
        tuple[Annotated[str, Field(max_length=16)], ...],
        Field(max_length=len(DAYS), description="`monday` to `sunday`."),
    ] = DAYS
    timezone: Annotated[str, Field(max_length=64, description="Like Europe/Berlin.")] = "UTC"
    minimum: Count
    maximum: Count


class WireScaling(SteadyScaling):
    """How many replicas there may be, what makes them more or fewer, and when it is planned.

    Where something is planned, `minimum` and `maximum` are those of what was planned last.
    """

    model_config = CAMEL

    planned: Annotated[tuple[WirePlannedScale, ...], Field(max_length=1000)] = ()


class WireHealth(HealthCheck):
    """How a balancer finds out whether a replica is well; an empty path: the engine's own."""

    model_config = CAMEL


class WeightsOut(Weights):
    """What an engine loads: a folder of this machine, `s3://BUCKET/PREFIX`, or a hub's id."""

    model_config = SHOWN


class PlannedScaleOut(PlannedScale):
    """From this moment until the next one that is planned, there are so many replicas."""

    model_config = SHOWN


class ScalingOut(Scaling):
    """How many replicas there may be, what makes them more or fewer, and when it is planned.

    Where something is planned, `minimum` and `maximum` are those of what was planned last.
    """

    model_config = SHOWN

    planned: tuple[PlannedScaleOut, ...] = ()


class HealthOut(HealthCheck):
    """How a balancer finds out whether a replica is well; an empty path: the engine's own."""

    model_config = SHOWN


class HostingOut(Hosting):
    """Everything a host needs to run a model; `options` are those of the engine."""

    model_config = SHOWN

    weights: WeightsOut
    scaling: ScalingOut = ScalingOut()
    health: HealthOut = HealthOut()
