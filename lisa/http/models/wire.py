"""How values of models are named on the wire."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from lisa.domain.hosting import HealthCheck, Hosting, Scaling, Weights
from lisa.domain.identity import Limits
from lisa.domain.model import Prices, Timeouts

CAMEL = ConfigDict(alias_generator=to_camel, populate_by_name=True)
SHOWN = ConfigDict(**CAMEL, json_schema_serialization_defaults_required=True)


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


class WireScaling(Scaling):
    """How many replicas there may be, and what makes them more or fewer."""

    model_config = CAMEL


class WireHealth(HealthCheck):
    """How a balancer finds out whether a replica is well; an empty path: the engine's own."""

    model_config = CAMEL


class WeightsOut(Weights):
    """What an engine loads: a folder of this machine, `s3://BUCKET/PREFIX`, or a hub's id."""

    model_config = SHOWN


class ScalingOut(Scaling):
    """How many replicas there may be, and what makes them more or fewer."""

    model_config = SHOWN


class HealthOut(HealthCheck):
    """How a balancer finds out whether a replica is well; an empty path: the engine's own."""

    model_config = SHOWN


class HostingOut(Hosting):
    """Everything a host needs to run a model; `options` are those of the engine."""

    model_config = SHOWN

    weights: WeightsOut
    scaling: ScalingOut = ScalingOut()
    health: HealthOut = HealthOut()
