"""What is said of keys whose models belong to the product, and examples of what keys take.

Models of the product are imported by functions that start often, and reading their sentences from
their source takes time; so theirs stand here.
"""

from collections.abc import Mapping
from typing import Final

MEANINGS: Final[Mapping[str, str]] = {
    "IdentitySettings.log_level": "What functions and containers log at least.",
    "IdentitySettings.issuers": "Other identity providers whose access tokens count.",
    "IdentitySettings.admin_group": (
        "Members of this group of a token are administrators; empty: nobody, with a user pool its "
        "group `lisa-admin`."
    ),
    "IdentitySettings.rag_admin_group": (
        "The same for administrators of documents; with a user pool `lisa-rag-admin`."
    ),
    "IdentitySettings.user_group": (
        "Who is let in at all, besides those two; empty: every valid login."
    ),
    "IdentitySettings.api_group": "Who may make API tokens; empty: everybody who is let in.",
    "IdentitySettings.forget_people_days": (
        "Tokens of people who haven't signed in for so long are refused until they do; 0: never."
    ),
    "Issuer.issuer": "The address that tokens of it name as `iss`.",
    "Issuer.audience": "Whom its tokens must be for: one, or a list.",
    "Issuer.jwks_url": "Where its keys are; empty: where it says so itself.",
    "Issuer.kind": "`cognito` looks for the audience in `client_id`, and in `scope` for ours.",
    "Issuer.algorithms": "Signatures that count.",
    "Issuer.username_claim": (
        "The claim that names a person, which the issuer never gives to somebody else."
    ),
    "Issuer.groups_claim": "The claim that lists groups, with dots where it lies deeper.",
    "Issuer.prefix": "Stands before its subjects, so that two issuers can't name one alike.",
    "Branding.name": "What pages are called; empty: LISA.",
    "Branding.accent": "Their colour; empty: our own.",
    "Branding.logo": "A file with their picture, svg, png or webp.",
    "SignIn.authority": "The issuer's address.",
    "SignIn.client_id": "What the pages are called there.",
    "SignIn.scope": "What they ask for.",
    "SignIn.parameters": "What goes along with the request, like `audience`.",
}
EXAMPLES: Final[Mapping[str, str]] = {
    "ApiConfig.vpc_endpoints": "vpce-0123456789abcdef0",
    "ArtifactsConfig.bundles": "dist/bundles",
    "ArtifactsConfig.ca_bundle": "config/ca.pem",
    "BootstrapConfig.qualifier": "hnb659fds",
    "Branding.accent": "#0b57d0",
    "Branding.logo": "logo.svg",
    "CognitoConfig.callback_urls": "https://lisa.example.com/",
    "CognitoConfig.keys_from": "https://cognito.example.com",
    "CognitoConfig.login_prefix": "our-lisa",
    "DeploymentConfig.account": "123456789012",
    "DeploymentConfig.name": "lisa",
    "DeploymentConfig.region": "eu-central-1",
    "DeploymentConfig.stage": "prod",
    "Issuer.issuer": "https://idp.example.com",
    "Issuer.jwks_url": "https://idp.example.com/keys",
    "Issuer.prefix": "partner:",
    "KnowledgeConfig.serverless_endpoint": "vpce-0123456789abcdef0",
    "LiteLLMConfig.bedrock_models": "amazon.nova-lite-v1:0",
    "LiteLLMConfig.sagemaker_endpoints": "summaries",
    "NetworkConfig.availability_zones": "eu-central-1a",
    "NetworkConfig.vpc_id": "vpc-0123456789abcdef0",
    "ServeConfig.origins": "https://lisa.example.com",
    "SignIn.authority": "https://idp.example.com",
    "TracingConfig.endpoint": "https://collector.example.com",
    "WebConfig.gateway": "https://lisa.example.com",
    "WebConfig.sign_in_origins": "https://login.example.com",
}
