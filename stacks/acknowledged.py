"""Every finding of the validators that we live with: where it is, what it risks, and why we do."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import aws_cdk as cdk
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.parts import Part
from stacks.acknowledged_knowledge import found_in_knowledge
from stacks.acknowledged_models import found_in_models
from stacks.acknowledged_serve_function import found_in_serve_function
from stacks.acknowledged_stores import found_in_stores
from stacks.acknowledged_watching import found_in_watching
from stacks.constructs.image import needs_login
from stacks.finding import (
    DEPLOYMENT,
    NAG,
    OLDER_RUNTIME,
    QUALIFIER,
    SECRETS_PREFIX,
    Acknowledged,
)

ANY_OBJECT: Final = (
    "the function reaches every object of the content bucket",
    "objects have the names of their owners; the function decides who sees which",
)
ALL: Final = (
    Acknowledged("api", "Door-authorizer/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged("admin", "Door-admin/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged("models", "Door-models/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged(
        "models",
        "Door-models/Role",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:"
        f"secret:{SECRETS_PREFIX}*]",
        "the function reaches every key that was given to this deployment",
        "keys come and go with models; no name outside the deployment's prefix is reached",
    ),
    Acknowledged("tools", "Door-tools/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged(
        "tools",
        "Door-tools/Role",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:"
        f"secret:{SECRETS_PREFIX}*]",
        "the function reaches every secret that was given to this deployment",
        "credentials come and go with tool servers; no name outside the prefix is reached",
    ),
    Acknowledged("sessions", "Door-sessions/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged("sessions", "Door-sweep/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged(
        "sessions",
        "Door-sessions/Role",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::<BucketContent>/*]",
        *ANY_OBJECT,
    ),
    Acknowledged(
        "sessions",
        "Door-sweep/Role",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::<BucketContent>/*]",
        *ANY_OBJECT,
    ),
    Acknowledged(
        "api",
        "Api/CloudWatchRole",
        f"{NAG}IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
        "AmazonAPIGatewayPushToCloudWatchLogs]",
        "AWS may widen the managed policy",
        "it is the one that API Gateway's documentation asks for; only API Gateway assumes it",
    ),
    Acknowledged(
        "api",
        "Api",
        f"{NAG}APIG2",
        "malformed requests reach the functions",
        "the product validates every request itself, the same in all profiles",
    ),
    Acknowledged(
        "api",
        "Api/Default",
        f"{NAG}COG4",
        "a mistake in our authorizer opens the API",
        "API tokens are not Cognito's; every method has our authorizer, every door asks again",
    ),
    Acknowledged(
        "api",
        "Api/DeploymentStage.api",
        f"{NAG}APIG3",
        "known attack patterns reach the authorizer",
        "which web ACL to attach is the operating team's choice; throttling is on",
    ),
)

STACKS_OF_CHAT: Final = ("sessions", "tools")

OF_USER_POOL: Final = (
    Acknowledged(
        "identity",
        "UserPool",
        f"{NAG}COG2",
        "a stolen password is enough for whoever has set no second factor",
        "`identity.cognito.mfa` makes it required; the first sign-in of a trial needs no telephone",
    ),
    Acknowledged(
        "identity",
        "UserPool",
        f"{NAG}COG8",
        "passwords known to be stolen and risky sign-ins are let in",
        "it costs for each user; `identity.cognito.threat_protection` chooses that plan",
    ),
)
KEYS_OF_DEPLOYMENT: Final = (
    f"{NAG}IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:"
    f"secret:{SECRETS_PREFIX}*]"
)
ANY_KEY: Final = (
    "the containers reach every key that was given to this deployment",
    "keys come and go with models; no name outside the deployment's prefix is reached",
)
NAMES_ONLY: Final = (
    "who may read the task definition reads its environment",
    "it holds names and addresses; secrets are references that the process itself follows",
)
LOG_OF_BALANCER: Final = (
    "who read the log of a balancer is not logged",
    "it holds addresses and paths, no content, and is removed after 90 days",
)
EVERYBODY: Final = "0.0.0.0/0"
OF_EVERYBODY: Final = Acknowledged(
    "network",
    "Group-Balancer",
    f"{NAG}EC23",
    "anybody may connect, where `serve.callers` says so",
    "who may connect is written in the configuration; each call has to prove who it is",
)
OF_INFERENCE: Final = (
    Acknowledged("serve", "Service-serve/Role", KEYS_OF_DEPLOYMENT, *ANY_KEY),
    Acknowledged(
        "serve",
        "Service-serve/Role",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::<BucketContent>/*]",
        *ANY_OBJECT,
    ),
    Acknowledged("litellm", "Service-litellm/Role", KEYS_OF_DEPLOYMENT, *ANY_KEY),
    Acknowledged("serve", "Service-serve/Task", f"{NAG}ECS2", *NAMES_ONLY),
    Acknowledged("litellm", "Service-litellm/Task", f"{NAG}ECS2", *NAMES_ONLY),
    Acknowledged("serve", "Balancer/AccessLog", f"{NAG}S1", *LOG_OF_BALANCER),
    Acknowledged("litellm", "Balancer/AccessLog", f"{NAG}S1", *LOG_OF_BALANCER),
    Acknowledged("data", "Door-rotate/Function", f"{NAG}L1", *OLDER_RUNTIME),
)
NEVER_REPLACED: Final = (
    "a secret that leaked stays good",
    "`encryption.rotate_secrets_days` says 0; each opens one thing, from within the network",
)
OF_OWN_VPC: Final = (
    Acknowledged(
        "network",
        "Vpc",
        f"{NAG}VPC7",
        "connections leave no trace of their own",
        "both balancers log who connects, and `network.flow_logs` was switched off",
    ),
)

FOR_ANYBODY: Final = (
    "anybody can read the pages",
    "they hold no secret, and whoever is to sign in has to see them first",
)
COPIES: Final = "Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB"
OF_PAGES: Final = (
    Acknowledged("api", "Api/Default/ui/GET", f"{NAG}APIG4", *FOR_ANYBODY),
    Acknowledged("api", "Api/Default/ui/{proxy+}/GET", f"{NAG}APIG4", *FOR_ANYBODY),
    Acknowledged(
        "api",
        "ReadsPages",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::<BucketWeb>/ui/*]",
        *FOR_ANYBODY,
    ),
    Acknowledged("web", COPIES, f"{NAG}L1", "it is the CDK's own function", "the CDK chooses it"),
    Acknowledged(
        "web",
        "Copies",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::<BucketWeb>/ui/*]",
        "the function writes every page",
        "that is what it is for; it may remove none",
    ),
    Acknowledged(
        "web",
        "Copies",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::"
        f"cdk-{QUALIFIER}-assets-<AWS::AccountId>-<AWS::Region>/*]",
        "the function reads the code and templates of every deployment of this account",
        "an asset's name is the hash of its content, which a template can't know beforehand",
    ),
)


def _of_fleet(stack: str) -> tuple[Acknowledged, ...]:
    agent = (
        "an instance asks where agents of any cluster of the account report",
        "the rest of the agent's actions is for this cluster; tasks don't get this role",
    )
    fleet = f"Service-{stack}/Fleet"
    return (
        Acknowledged(stack, f"{fleet}/InstanceRole", f"{NAG}IAM5[Resource::*]", *agent),
        Acknowledged(
            stack,
            f"{fleet}/Instances",
            f"{NAG}AS3",
            "nobody is told when instances come and go",
            "they follow the tasks; the tasks' alarms are what somebody has to look at",
        ),
    )


def _of_image(stack: str) -> Acknowledged:
    return Acknowledged(
        stack,
        f"Service-{stack}/Task/ExecutionRole",
        f"{NAG}IAM5[Resource::*]",
        "the role that starts tasks may ask for a login to any registry of the account",
        "ecr:GetAuthorizationToken knows no resource; pulling is granted for one repository",
    )


def _found_in(config: DeploymentConfig) -> Iterator[Acknowledged]:
    """Yield what there is to acknowledge in this deployment."""
    chat = config.has(Part.CHAT)
    yield from (each for each in ALL if chat or each.stack not in STACKS_OF_CHAT)
    yield from OF_USER_POOL if config.has_user_pool else ()
    yield from OF_PAGES if config.web.enabled else ()
    yield from found_in_watching(config)
    yield from found_in_serve_function(config) if config.serve.is_function else ()
    if not config.serve.in_network:
        return
    yield from OF_INFERENCE
    if not config.encryption.rotate_secrets_days:
        secrets = ("LiteLLM", "Passes") if config.has_knowledge else ("LiteLLM",)
        yield from (Acknowledged("data", each, f"{NAG}SMG4", *NEVER_REPLACED) for each in secrets)
    yield from found_in_models(config)
    ours = "balancer" not in config.network.security_groups
    yield from (OF_EVERYBODY,) if ours and EVERYBODY in config.serve.callers else ()
    logged = config.network.vpc_id or config.network.flow_logs
    yield from () if logged else OF_OWN_VPC
    yield from _of_fleet("litellm")
    yield from _of_fleet("serve") if config.serve.launch == "ec2" else ()
    images = {"serve": config.serve.image, "litellm": config.litellm.image}
    if config.has_knowledge:
        yield from found_in_knowledge(config)
        yield from found_in_stores(config)
        images["ingest"] = config.knowledge.image
    for stack, image in images.items():
        if needs_login(image):
            yield _of_image(stack)


def acknowledged_in(config: DeploymentConfig) -> Iterator[Acknowledged]:
    """Yield what there is to acknowledge in this deployment, with rules as they are reported."""
    for finding in _found_in(config):
        yield replace(finding, rule=_as_found(finding.rule, config))


def acknowledge_all(scope: Construct, config: DeploymentConfig) -> None:
    """Acknowledge each finding at its resource; one whose resource is gone is a mistake."""
    for finding in acknowledged_in(config):
        resource = scope.node.find_child(config.stack_name(finding.stack))
        for step in finding.resource.split("/"):
            resource = resource.node.find_child(step)
        cdk.Validations.of(resource).acknowledge(
            cdk.Acknowledgment(
                id=finding.rule,
                reason=f"Risk: {finding.risk}. Reason: {finding.reason}.",
            )
        )


def _as_found(rule: str, config: DeploymentConfig) -> str:
    """Return the rule as it is reported: with what is known already in place of its name."""
    rule = rule.replace(SECRETS_PREFIX, config.secrets_prefix)
    rule = rule.replace(DEPLOYMENT, config.full_name)
    rule = rule.replace(
        QUALIFIER, config.bootstrap.qualifier or cdk.DefaultStackSynthesizer.DEFAULT_QUALIFIER
    )
    rule = rule.replace("<AWS::AccountId>", config.account or "<AWS::AccountId>")
    return rule.replace("<AWS::Region>", config.region) if config.region else rule
