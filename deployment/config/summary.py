"""What a configuration would deploy, in a few lines."""

from typing import Final

from deployment.config.deployment import DeploymentConfig

CREDENTIALS: Final = "of your credentials"


def summary(config: DeploymentConfig) -> dict[str, str]:
    """Return it by what it is about."""
    network = config.network
    made = f"made, over {network.zones} zones" if not network.vpc_id else network.vpc_id
    return {
        "deployment": config.full_name,
        "account": config.account or CREDENTIALS,
        "region": config.region or CREDENTIALS,
        "parts": ", ".join(_parts(config)),
        "people": "a user pool" if config.has_user_pool else _issuers(config),
        "network": made if config.serve.in_network else "none",
        "encryption": config.encryption.key,
        "data": config.data,
    }


def _parts(config: DeploymentConfig) -> list[str]:
    """Return the parts that are on."""
    on = {
        "api": True,
        "chat": config.chat.enabled,
        "pages": config.web.enabled,
        f"serve ({config.serve.launch})": config.serve.enabled,
        "models": config.serve.in_network,
        "knowledge": config.has_knowledge,
        "observability": config.observability.enabled,
        "backup": config.backup.enabled,
    }
    return [name for name, is_on in on.items() if is_on]


def _issuers(config: DeploymentConfig) -> str:
    return ", ".join(issuer.issuer for issuer in config.doors.issuers)
