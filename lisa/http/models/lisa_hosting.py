"""What a model that we run is to run on, in LISA's words, and what they are in ours."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue

from lisa.domain.hosting import EngineName, HealthCheck, Hosting
from lisa.http.models.lisa_schedules import SchedulingConfig
from lisa.http.models.lisa_variables import REMOVED, told_apart
from lisa.http.models.wire import Wire

METRICS: Final = {"RequestCountPerTarget": "requests", "TargetResponseTime": "latency"}
Number = Annotated[int, Field(ge=0, le=10**9)]
Variables = Annotated[dict[str, str], Field(max_length=64)]


class Metric(Wire):
    """What makes replicas more or fewer."""

    alb_metric_name: Literal["RequestCountPerTarget", "TargetResponseTime"] | None = None
    target_value: Annotated[float, Field(gt=0, le=1e6)] | None = None

    def values(self) -> dict[str, object]:
        """Return it by the names of our scaling."""
        metric = METRICS.get(self.alb_metric_name or "")
        return _given(metric=metric, target=self.target_value)


class Capacity(Wire):
    """How many replicas there may be; a change keeps what isn't given."""

    min_capacity: Number | None = None
    max_capacity: Number | None = None
    desired_capacity: Number | None = None
    cooldown: Number | None = None
    default_instance_warmup: Number | None = None

    def values(self) -> dict[str, object]:
        """Return it by the names of our scaling."""
        return _given(
            minimum=self.min_capacity,
            maximum=self.max_capacity,
            desired=self.desired_capacity,
            cooldown_seconds=self.cooldown,
            warmup_seconds=self.default_instance_warmup,
        )

    def change(self, former: Hosting) -> dict[str, object]:
        """Return what becomes of a hosting; how many are wanted follows the limits."""
        scaling = former.scaling.model_dump() | self.values()
        if self.desired_capacity is None:
            within = max(scaling["desired"], scaling["minimum"])
            scaling["desired"] = min(within, scaling["maximum"])
        return {"scaling": scaling}


class AutoScaling(Capacity):
    """How many replicas there may be, their disks, and when they run by themselves."""

    block_device_volume_size: Number | None = None
    metric_config: Metric | None = None
    scheduling: SchedulingConfig | None = None

    def hosting(self) -> dict[str, object]:
        """Return it by the names of our hosting."""
        least = 1 if self.min_capacity is None else self.min_capacity
        wanted = least if self.desired_capacity is None else self.desired_capacity
        scaling: dict[str, object] = {"minimum": least, "desired": wanted}
        scaling |= {"maximum": max(1, least, wanted), **self.values()}
        metric = self.metric_config.values() if self.metric_config else {}
        return _given(scaling=scaling | metric, disk_gb=self.block_device_volume_size)


class ContainerImage(Wire):
    """The engine's image; from which registry it comes makes no difference here."""

    base_image: Annotated[str, Field(max_length=512)] | None = None


class ContainerHealth(Wire):
    """How long an engine may take to start; what else LISA checks in the container isn't run."""

    start_period: Number | None = None


class Container(Wire):
    """The engine's container."""

    image: ContainerImage | None = None
    shared_memory_size: Number | None = None
    health_check_config: ContainerHealth | None = None
    environment: Variables | None = None

    def hosting(self, engine: EngineName) -> dict[str, object]:
        """Return it by the names of our hosting; variables that are options of ours become them."""
        options, variables = told_apart(engine, self.environment or {})
        return _given(
            image=self.image.base_image if self.image else None,
            shared_memory_mb=self.shared_memory_size,
            environment=variables,
            options=_given(**options),
        )

    def start_seconds(self) -> int | None:
        """Return how long it may take to start; LISA's short ones would end every large model."""
        asked = self.health_check_config.start_period if self.health_check_config else None
        return None if asked is None else max(asked, HealthCheck().start_seconds)


class ContainerChange(Wire):
    """What changes of a container; a variable's value `LISA_MARKED_FOR_DELETION` removes it."""

    environment: Variables | None = None
    shared_memory_size: Number | None = None
    health_check_command: JsonValue = Field(default=None, description="It isn't run.")
    health_check_interval: Number | None = None
    health_check_timeout: Number | None = None
    health_check_start_period: Number | None = None
    health_check_retries: Number | None = None

    def change(self, former: Hosting) -> dict[str, object]:
        """Return what becomes of a hosting."""
        health = _given(
            interval_seconds=self.health_check_interval,
            timeout_seconds=self.health_check_timeout,
            start_seconds=self.health_check_start_period,
            unhealthy_after=self.health_check_retries,
        )
        options, given = told_apart(former.engine, self.environment or {})
        variables = {**former.environment, **given}
        return {
            "options": _given(**{**former.options, **options}),
            "environment": {name: value for name, value in variables.items() if value != REMOVED},
            "health": former.health.model_dump() | health,
            **_given(shared_memory_mb=self.shared_memory_size),
        }


class BalancerHealth(Wire):
    """How the balancer finds out whether a replica is well."""

    path: Annotated[str, Field(max_length=256)] | None = None
    interval: Number | None = None
    timeout: Number | None = None
    healthy_threshold_count: Number | None = None
    unhealthy_threshold_count: Number | None = None


class Balancer(Wire):
    """The balancer in front of the replicas."""

    health_check_config: BalancerHealth | None = None

    def health(self) -> dict[str, object]:
        """Return it by the names of our health check."""
        check = self.health_check_config or BalancerHealth()
        return _given(
            path=check.path,
            interval_seconds=check.interval,
            timeout_seconds=check.timeout,
            healthy_after=check.healthy_threshold_count,
            unhealthy_after=check.unhealthy_threshold_count,
        )


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def hosting_of(
    engine: EngineName,
    instance_type: str,
    scaling: AutoScaling,
    container: Container,
    balancer: Balancer,
) -> Mapping[str, object]:
    """Return the whole of it by the names of our hosting."""
    health = balancer.health() | _given(start_seconds=container.start_seconds())
    return {
        "engine": engine,
        "instance_type": instance_type,
        "health": health,
        **scaling.hosting(),
        **container.hosting(engine),
    }
