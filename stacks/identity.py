"""The stack where people sign in: a user pool, its login page, our client there and the groups."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.cognito import CognitoConfig, PasswordRules
from stacks.config import DeploymentConfig
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.trusted_issuers import AUTHORITY, CLIENT, ISSUER, KEYS, LOGIN, role_groups

MFA: Final = {
    "off": cognito.Mfa.OFF,
    "optional": cognito.Mfa.OPTIONAL,
    "required": cognito.Mfa.REQUIRED,
}
PROTECTION: Final = {
    "audit": cognito.StandardThreatProtectionMode.AUDIT_ONLY,
    "enforced": cognito.StandardThreatProtectionMode.FULL_FUNCTION,
}
# A browser with two tabs may use one refresh token twice within this time.
GRACE: Final = cdk.Duration.seconds(30)


class IdentityStack(DeploymentStack):
    """A user pool. Doors learn its issuer, keys and client from what is published here."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "identity", "sign-in")
        wanted = config.identity.cognito
        pool = self._pool(config, wanted)
        client = self._client(pool, wanted)
        login = pool.add_domain(
            "LoginPage",
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=wanted.login_prefix
                or f"{config.name}-{config.stage}-{cdk.Aws.ACCOUNT_ID}"
            ),
        )
        for group in sorted(set(role_groups(config).values())):
            cognito.UserPoolGroup(self, f"Group-{group}", user_pool=pool, group_name=group)
        issuer = f"https://{pool.user_pool_provider_name}"
        seen = f"{wanted.keys_from}/{pool.user_pool_id}" if wanted.keys_from else issuer
        publish(self, config, ISSUER, issuer)
        publish(self, config, KEYS, f"{seen}/.well-known/jwks.json")
        publish(self, config, CLIENT, client.user_pool_client_id)
        publish(self, config, AUTHORITY, seen)
        publish(self, config, LOGIN, wanted.keys_from or login.base_url())

    def _pool(self, config: DeploymentConfig, wanted: CognitoConfig) -> cognito.UserPool:
        keep = config.data == "retain"
        protected = wanted.threat_protection != "off"
        return cognito.UserPool(
            self,
            "UserPool",
            self_sign_up_enabled=wanted.self_sign_up,
            # None of these can be changed later without losing the pool.
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            mfa=MFA[wanted.mfa],
            mfa_second_factor=(
                None if wanted.mfa == "off" else cognito.MfaSecondFactor(otp=True, sms=False)
            ),
            password_policy=_password_policy(wanted.password),
            feature_plan=cognito.FeaturePlan.PLUS if protected else cognito.FeaturePlan.ESSENTIALS,
            standard_threat_protection_mode=PROTECTION.get(wanted.threat_protection),
            deletion_protection=keep,
            removal_policy=cdk.RemovalPolicy.RETAIN if keep else cdk.RemovalPolicy.DESTROY,
        )

    def _client(self, pool: cognito.UserPool, wanted: CognitoConfig) -> cognito.UserPoolClient:
        """Make our pages known, which keep no secret: by PKCE they prove that a code is theirs."""
        return pool.add_client(
            "Client",
            generate_secret=False,
            # Passwords are typed into the login page only: without a trigger this flow leads to
            # nothing, and with no flow named Cognito would allow some.
            auth_flows=cognito.AuthFlow(custom=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[
                    cognito.OAuthScope.OPENID,
                    cognito.OAuthScope.PROFILE,
                    cognito.OAuthScope.EMAIL,
                ],
                callback_urls=list(wanted.callback_urls),
                logout_urls=list(wanted.callback_urls),
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=cdk.Duration.minutes(wanted.access_token_minutes),
            id_token_validity=cdk.Duration.minutes(wanted.access_token_minutes),
            refresh_token_validity=cdk.Duration.days(wanted.refresh_token_days),
            refresh_token_rotation_grace_period=GRACE,
        )


def _password_policy(rules: PasswordRules) -> cognito.PasswordPolicy:
    return cognito.PasswordPolicy(
        min_length=rules.min_length,
        require_lowercase=True,
        require_uppercase=True,
        require_digits=True,
        require_symbols=True,
        temp_password_validity=cdk.Duration.days(rules.first_password_days),
    )
