"""The stack where people sign in: a user pool, its login page, its groups and what we are to it."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from deployment.config.identity import CognitoConfig, PasswordRules
from deployment.names import pool_name
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.trusted_issuers import (
    AUDIENCE,
    AUTHORITY,
    ISSUER,
    KEYS,
    LOGIN,
    POOL,
    SCOPE,
    role_groups,
)

MFA: Final = {
    "off": cognito.Mfa.OFF,
    "optional": cognito.Mfa.OPTIONAL,
    "required": cognito.Mfa.REQUIRED,
}
PROTECTION: Final = {
    "audit": cognito.StandardThreatProtectionMode.AUDIT_ONLY,
    "enforced": cognito.StandardThreatProtectionMode.FULL_FUNCTION,
}


class IdentityStack(DeploymentStack):
    """A user pool. Doors learn its issuer and keys from what is published here."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "identity", "sign-in")
        wanted = config.identity.cognito
        pool = self._pool(config, wanted)
        pool.add_resource_server(
            "Lisa",
            identifier=AUDIENCE,
            scopes=[
                cognito.ResourceServerScope(
                    scope_name=SCOPE, scope_description="call LISA for whoever signs in"
                )
            ],
        )
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
        publish(self, config, POOL, pool.user_pool_id)
        publish(self, config, ISSUER, issuer)
        publish(self, config, KEYS, f"{seen}/.well-known/jwks.json")
        publish(self, config, AUTHORITY, seen)
        publish(self, config, LOGIN, wanted.keys_from or login.base_url())

    def _pool(self, config: DeploymentConfig, wanted: CognitoConfig) -> cognito.UserPool:
        keep = config.data == "retain"
        protected = wanted.threat_protection != "off"
        return cognito.UserPool(
            self,
            "UserPool",
            user_pool_name=pool_name(config.full_name),
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


def _password_policy(rules: PasswordRules) -> cognito.PasswordPolicy:
    return cognito.PasswordPolicy(
        min_length=rules.min_length,
        require_lowercase=True,
        require_uppercase=True,
        require_digits=True,
        require_symbols=True,
        temp_password_validity=cdk.Duration.days(rules.first_password_days),
    )
