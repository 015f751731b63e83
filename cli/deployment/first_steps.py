"""What one does first with a LISA that has just been deployed."""

import shlex
from collections.abc import Iterator, Mapping

from deployment.config.deployment import DeploymentConfig

ADMINISTRATORS = "lisa-admin"


def first_steps(config: DeploymentConfig, outputs: Mapping[str, str]) -> Iterator[str]:
    """Yield lines: where it answers, who is the first administrator, what to do then."""
    yield f"{config.full_name} is deployed"
    for title, key in (("pages", "Pages"), ("API", "Url"), ("models", "InferenceAddress")):
        if key in outputs:
            yield f"{title:<7}{outputs[key]}"
    if config.serve.domain and "InferenceAddress" in outputs:
        yield f"       lead {config.serve.domain} there, with an alias or a CNAME record"
    yield ""
    yield from _administrator(config)
    if "Url" in outputs:
        url = shlex.quote(outputs["Url"].rstrip("/"))
        yield "then sign in, make a token, and add a model:"
        yield f"  export LISA_URL={url} LISA_TOKEN=..."
        yield "  lisa models add --help"


def _administrator(config: DeploymentConfig) -> Iterator[str]:
    if not config.has_user_pool:
        group = config.doors.admin_group
        yield (
            f"administrators are in the group {group} of your issuer"
            if group
            else ("nobody is an administrator: set doors.admin_group to a group of your issuer")
        )
        return
    region = f"--region {config.region} " if config.region else ""
    parameter = f"/{config.name}/{config.stage}/identity/pool"
    group = shlex.quote(config.doors.admin_group or ADMINISTRATORS)
    yield "the first administrator, who is mailed a first password:"
    yield "  ADMIN=you@example.org"
    yield f"  POOL=$(aws ssm get-parameter {region}--name {parameter} \\"
    yield "      --query Parameter.Value --output text)"
    yield f'  aws cognito-idp admin-create-user {region}--user-pool-id "$POOL" \\'
    yield '      --username "$ADMIN" --user-attributes Name=email,Value="$ADMIN" \\'
    yield "      Name=email_verified,Value=true"
    yield f'  aws cognito-idp admin-add-user-to-group {region}--user-pool-id "$POOL" \\'
    yield f'      --username "$ADMIN" --group-name {group}'
