"""The stack that a hosting asks for: its name, its template completed, its parameters."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lisa.declared import engines
from lisa.declared.model_stack import (
    CPU_AMI,
    DEPLOYMENT_TAG,
    GPU_AMI,
    LIMITS,
    TAG,
    TASK,
    Parameter,
    Site,
    stacks_of,
)
from lisa.domain.errors import Invalid, TooLarge
from lisa.domain.hosting import Hosting
from lisa.domain.planned_scaling import PlannedScale
from lisa.domain.weights import Origin, origin_of

MOST_BYTES: Final = 51_200
# Changes exactly when a stack would have to.
WANTED_TAG: Final = "lisa:wanted"


@dataclass(frozen=True)
class Container:
    """What a replica runs, and the template it is put into.

    `secrets` are ARNs by the variables that get their values.
    """

    template: str
    image: str
    command: Sequence[str]
    entry_point: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    repository: str = ""


Containers = Callable[[str, Hosting], Awaitable[Container]]


def stack_name(site: Site, model_id: str) -> str:
    """Return a name that no other model has, and that a person recognises."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", model_id).strip("-")[:60]
    return f"{stacks_of(site.deployment)}{plain}-{_digest(model_id)[:8]}"


def stack(
    site: Site, model_id: str, hosting: Hosting, replicas: int, container: Container
) -> dict[str, Any]:
    """Return what CloudFormation is told to make or to change."""
    body = _body(container, hosting.scaling.planned if replicas else ())
    values = _values(site, model_id, hosting, replicas, container)
    marks = {
        TAG: model_id,
        DEPLOYMENT_TAG: site.deployment,
        WANTED_TAG: _digest(body + json.dumps(values, sort_keys=True)),
    }
    return {
        "StackName": stack_name(site, model_id),
        "TemplateBody": body,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
        ],
        "Capabilities": ["CAPABILITY_IAM"],
        "Tags": [{"Key": key, "Value": value} for key, value in marks.items()],
        **({"RoleARN": site.role} if site.role else {}),
    }


def _body(container: Container, planned: Sequence[PlannedScale]) -> str:
    """Put into the template what no parameter can hold: lists of any length, texts with commas."""
    template = json.loads(container.template)
    [task] = template["Resources"][TASK]["Properties"]["ContainerDefinitions"]
    task["Command"] = list(container.command)
    if container.entry_point:
        task["EntryPoint"] = list(container.entry_point)
    task["Environment"] = [
        {"Name": name, "Value": value} for name, value in sorted(container.environment.items())
    ]
    task["Secrets"] = [
        {"Name": name, "ValueFrom": arn} for name, arn in sorted(container.secrets.items())
    ]
    if planned:
        limits = template["Resources"][LIMITS]["Properties"]
        limits["ScheduledActions"] = [_action(each) for each in planned]
    body = json.dumps(template, separators=(",", ":"))
    if len(body.encode()) > MOST_BYTES:
        raise TooLarge(
            "options and environment don't fit into a stack",
            next_step="put the chat template into a file among the weights",
        )
    return body


def _action(planned: PlannedScale) -> dict[str, object]:
    """Return it in the cron of Application Auto Scaling: one of the two kinds of days is `?`."""
    hour, minute = map(int, planned.at.split(":"))
    days = ",".join(day[:3].upper() for day in planned.days)
    return {
        "ScheduledActionName": _digest(planned.model_dump_json())[:16],
        "Schedule": f"cron({minute} {hour} ? * {days} *)",
        "Timezone": planned.timezone,
        "ScalableTargetAction": {
            "MinCapacity": _of_running(planned.minimum),
            "MaxCapacity": planned.maximum,
        },
    }


def _values(
    site: Site, model_id: str, hosting: Hosting, replicas: int, container: Container
) -> dict[str, str]:
    values: dict[Parameter, object] = {
        Parameter.MODEL: model_id,
        Parameter.DEPLOYMENT: site.deployment,
        Parameter.REPLICAS: replicas,
        **_of_site(site),
        **_of_machine(hosting),
        **_of_scaling(hosting),
        **_of_health(hosting),
        Parameter.IMAGE: container.image,
        Parameter.REPOSITORY: container.repository,
        Parameter.SECRETS: ",".join(sorted({_whole(arn) for arn in container.secrets.values()})),
    }
    return {key.value: str(value) for key, value in values.items()}


def _whole(arn: str) -> str:
    """Return how permissions name a secret: AWS puts six characters behind a name."""
    named = ":secretsmanager:" in arn and not re.search(r"-\w{6}$", arn)
    return f"{arn}-??????" if named else arn


def _of_site(site: Site) -> dict[Parameter, object]:
    return {
        Parameter.VPC: site.vpc,
        Parameter.SUBNETS: ",".join(site.subnets),
        Parameter.GATEWAY_GROUP: site.gateway_group,
        Parameter.TOPIC: site.topic,
        Parameter.BOUNDARY: site.boundary,
        Parameter.KEY: site.key,
        Parameter.DRAIN_SECONDS: site.drain_seconds,
        Parameter.IDLE_SECONDS: site.connection_idle_seconds,
        Parameter.LOG_DAYS: site.log_days,
    }


def _of_machine(hosting: Hosting) -> dict[Parameter, object]:
    if not hosting.instance_type:
        raise Invalid(
            "a model on AWS needs an instance type",
            next_step="name one, such as those the catalogue lists",
            code="instance_type_missing",
        )
    bucket, prefix = _weights(hosting)
    return {
        Parameter.AMI: GPU_AMI if hosting.gpus else CPU_AMI,
        Parameter.INSTANCE_TYPE: hosting.instance_type,
        Parameter.GPUS: hosting.gpus,
        Parameter.DISK_GB: hosting.disk_gb,
        Parameter.SHARED_MEMORY_MB: hosting.shared_memory_mb,
        Parameter.WEIGHTS_BUCKET: bucket,
        Parameter.WEIGHTS_PREFIX: prefix,
    }


def _weights(hosting: Hosting) -> tuple[str, str]:
    source = hosting.weights.source
    if origin_of(source) is not Origin.S3:
        return "", ""
    bucket, _, path = source.removeprefix("s3://").partition("/")
    prefix = path.strip("/")
    if prefix.endswith(".gguf"):
        prefix = prefix.rpartition("/")[0]
    if not prefix:
        raise Invalid(
            "these weights lie in no folder of their bucket, so a role for them reads all of it",
            next_step="put them into a folder of their own",
            code="weights_without_prefix",
        )
    return bucket, prefix


def _of_scaling(hosting: Hosting) -> dict[Parameter, object]:
    scaling = hosting.scaling
    most = max([scaling.maximum, *(each.maximum for each in scaling.planned)])
    return {
        Parameter.MINIMUM: _of_running(scaling.minimum),
        Parameter.MAXIMUM: scaling.maximum,
        # While replicas are replaced, old and new ones stand side by side.
        Parameter.MAX_INSTANCES: 2 * most,
        Parameter.METRIC: scaling.metric,
        Parameter.TARGET: scaling.target,
        Parameter.COOLDOWN_SECONDS: scaling.cooldown_seconds,
        Parameter.WARMUP_SECONDS: scaling.warmup_seconds,
    }


def _of_running(minimum: int) -> int:
    """Return the fewest replicas while a model runs: without any, it would be stopped untold."""
    return max(1, minimum)


def _of_health(hosting: Hosting) -> dict[Parameter, object]:
    health = hosting.health
    return {
        Parameter.HEALTH_PATH: engines.health_path(hosting),
        Parameter.HEALTH_INTERVAL: health.interval_seconds,
        Parameter.HEALTH_TIMEOUT: health.timeout_seconds,
        Parameter.HEALTHY_AFTER: health.healthy_after,
        Parameter.UNHEALTHY_AFTER: health.unhealthy_after,
        Parameter.START_SECONDS: health.start_seconds,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
