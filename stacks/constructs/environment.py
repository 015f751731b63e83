"""What a door finds in its environment: one value for each field of its settings class."""

import json
from collections.abc import Mapping

from constructs import Construct

from lisa.declared.doors import Door, Service
from lisa.declared.settings import ENVIRONMENT_PREFIX, IdentitySettings
from lisa.domain.errors import Invalid
from stacks.config import DeploymentConfig
from stacks.constructs.parameters import look_up
from stacks.constructs.state_machine import machine_arns
from stacks.constructs.trusted_issuers import identity_of


def resource_names(
    scope: Construct, config: DeploymentConfig, door: Door | Service
) -> dict[str, object]:
    """Return the physical names of what the door declares, by the settings fields they fill."""
    tables = {
        f"table_{table.name}": look_up(scope, config, f"table/{table.name}")
        for table, _ in door.tables
    }
    buckets = {
        f"bucket_{bucket.name}": look_up(scope, config, f"bucket/{bucket.name}")
        for bucket, _ in door.buckets
    }
    secrets = {"secrets_prefix": config.secrets_prefix} if door.secrets else {}
    return {**tables, **buckets, **secrets, **_of_models(scope, config, door)}


def _of_models(
    scope: Construct, config: DeploymentConfig, door: Door | Service
) -> dict[str, object]:
    """Say where models run; without a gateway none do."""
    runs, looks = config.serve.enabled, {"deployment": config.full_name}
    machines = {"machines": machine_arns(scope, config) if runs else {}} if door.runs else {}
    site = {"site": looks if runs else None} if door.model_stacks else {}
    return {**machines, **site}


def environment_of(
    scope: Construct,
    door: Door | Service,
    config: DeploymentConfig,
    names: Mapping[str, object],
) -> dict[str, str]:
    """Fill the door's environment; a field that nothing fills stops the synthesis."""
    told = config.doors.model_dump(mode="json")
    if issubclass(door.settings, IdentitySettings):
        told = identity_of(scope, config)
    sources = {**told, **names}
    missing = [field for field in door.settings.model_fields if field not in sources]
    if missing:
        raise Invalid(
            f"nothing fills {', '.join(missing)} of {door.settings.__name__}",
            next_step=f"declare the table or bucket on the door {door.name!r}, "
            "or add the field to the deployment's [doors]",
        )
    return {
        f"{ENVIRONMENT_PREFIX}{field.upper()}": _as_text(sources[field])
        for field in door.settings.model_fields
    }


def _as_text(value: object) -> str:
    told = value is None or isinstance(value, list | tuple | dict)
    return json.dumps(value) if told else str(value)
