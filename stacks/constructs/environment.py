"""What a door finds in its environment: one value for each field of its settings class."""

import json
from collections.abc import Mapping

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import Door, Runs, Service
from lisa.declared.settings import ENVIRONMENT_PREFIX, IdentitySettings
from lisa.domain.errors import Invalid
from stacks.constructs.encryption import ENCRYPTION_KEY, key_arn
from stacks.constructs.knowledge_names import knowledge_names
from stacks.constructs.parameters import look_up
from stacks.constructs.state_machine import machine_arns
from stacks.constructs.trusted_issuers import identity_of


def resource_names(
    scope: Construct, config: DeploymentConfig, door: Door | Service
) -> dict[str, object]:
    """Return the physical names of what the door declares, by the settings fields they fill.

    What belongs to a part that is left out has none.
    """
    tables = {
        f"table_{table.name}": look_up(scope, config, f"table/{table.name}")
        if config.has(table.of)
        else ""
        for table, _ in door.tables
    }
    buckets = {
        f"bucket_{bucket.name}": look_up(scope, config, f"bucket/{bucket.name}")
        if any(map(config.has, bucket.of))
        else ""
        for bucket, _ in door.buckets
    }
    key = key_arn(scope, config)
    secrets = {"secrets_prefix": config.secrets_prefix, "secrets_key": key} if door.secrets else {}
    more = {**_of_models(config, door), **knowledge_names(scope, config, door)}
    more[ENCRYPTION_KEY] = key
    return {**tables, **buckets, **secrets, **_machines(scope, config, door), **more}


def _machines(
    scope: Construct, config: DeploymentConfig, door: Door | Service
) -> dict[str, object]:
    """Say what does the workflows it begins; without a network there are none."""
    if not door.runs:
        return {}
    runs = config.serve.in_network if door.runs is Runs.MODELS else config.has_knowledge
    return {"machines": machine_arns(scope, config, door.runs) if runs else {}}


def _of_models(config: DeploymentConfig, door: Door | Service) -> dict[str, object]:
    """Say where models run; without a network none do."""
    looks = {"deployment": config.full_name}
    if not door.model_stacks:
        return {}
    site = looks if config.serve.in_network else None
    return {"site": site, "has_litellm": not config.serve.is_function}


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
