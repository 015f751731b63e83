"""Our pages as a client of the user pool, made where the address they come back to is known."""

from collections.abc import Sequence
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from stacks.constructs.parameters import look_up, publish
from stacks.constructs.trusted_issuers import CLIENT, POOL, SCOPES

# A browser with two tabs may use one refresh token twice within this time.
GRACE: Final = cdk.Duration.seconds(30)


def add_pages_client(scope: Construct, config: DeploymentConfig, pages: Sequence[str]) -> None:
    """Make our pages known, which keep no secret: by PKCE they prove that a code is theirs."""
    wanted = config.identity.cognito
    pool = cognito.UserPool.from_user_pool_id(scope, "UserPool", look_up(scope, config, POOL))
    returning = [*pages, *wanted.callback_urls]
    client = pool.add_client(
        "Client",
        generate_secret=False,
        # Passwords are typed into the login page only: without a trigger this flow leads to
        # nothing, and with no flow named Cognito would allow some.
        auth_flows=cognito.AuthFlow(custom=True),
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.custom(name) for name in SCOPES],
            callback_urls=returning,
            logout_urls=returning,
        ),
        supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        access_token_validity=cdk.Duration.minutes(wanted.access_token_minutes),
        id_token_validity=cdk.Duration.minutes(wanted.access_token_minutes),
        refresh_token_validity=cdk.Duration.days(wanted.refresh_token_days),
        refresh_token_rotation_grace_period=GRACE,
    )
    publish(scope, config, CLIENT, client.user_pool_client_id)
