"""Whose tokens the doors of a deployment believe: its own user pool's, and the issuers it lists."""

from typing import Any, Final

from constructs import Construct

from deployment.config.deployment import ROLES, DeploymentConfig
from stacks.constructs.parameters import look_up

ISSUER: Final = "identity/issuer"
KEYS: Final = "identity/keys"
POOL: Final = "identity/pool"
CLIENT: Final = "identity/client"
AUTHORITY: Final = "identity/authority"  # where pages learn how to sign in
LOGIN: Final = "identity/login"  # the origin of the login page
# A resource server of the pool. Clients come to be later than doors, which believe those that the
# pool gave this scope to.
AUDIENCE: Final = "lisa"
SCOPE: Final = "api"
SCOPES: Final = ("openid", "profile", "email", f"{AUDIENCE}/{SCOPE}")  # what our pages ask for
GROUPS_OF_POOL: Final = {"admin_group": "lisa-admin", "rag_admin_group": "lisa-rag-admin"}


def role_groups(config: DeploymentConfig) -> dict[str, str]:
    """Return the group of each role by its setting; a user pool begins with groups of our own."""
    defaults = GROUPS_OF_POOL if config.has_user_pool else {}
    named = {role: getattr(config.doors, role) or defaults.get(role, "") for role in ROLES}
    return {role: group for role, group in named.items() if group}


def identity_of(scope: Construct, config: DeploymentConfig) -> dict[str, Any]:
    """Return what every door is told about identity, by the fields of its settings."""
    told = config.doors.model_dump(mode="json") | role_groups(config)
    if config.has_user_pool:
        told["issuers"] = [_user_pool(scope, config), *told["issuers"]]
    return told


def _user_pool(scope: Construct, config: DeploymentConfig) -> dict[str, Any]:
    # `sub` never changes and is never given away again; an address may be.
    return {
        "issuer": look_up(scope, config, ISSUER),
        "audience": [AUDIENCE],
        "jwks_url": look_up(scope, config, KEYS),
        "kind": "cognito",
        "algorithms": ["RS256"],
        "username_claim": "sub",
        "groups_claim": "cognito:groups",
    }
