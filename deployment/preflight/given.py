"""Whether what the configuration names is there: a key, roles, topics, buckets, a secret."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from deployment.preflight.check import Check, Situation, fail, ok
from lisa.domain.errors import Forbidden, Invalid, NotFound

ENABLED: Final = "Enabled"
AWS_ITSELF: Final = "aws"  # whose policies every account has
TAKE_ON: Final = ("ecs-tasks.amazonaws.com", "lambda.amazonaws.com")


def keys(situation: Situation) -> Iterator[Check]:
    """Look for the key that everything is encrypted with."""
    arn = situation.config.encryption.key
    if not arn.startswith("arn:"):
        return
    about = _there(situation, "encryption.key", arn, "kms", "describe_key", KeyId=arn)
    if isinstance(about, Check):
        yield about
        return
    state = about["KeyMetadata"]["KeyState"]
    if state != ENABLED:
        yield fail("encryption.key", f"it is {state}", "enable it, or name another")
    else:
        yield ok("encryption.key", arn)


def roles(situation: Situation) -> Iterator[Check]:
    """Look for roles, and whether functions or containers may take them on."""
    for name, arn in situation.config.iam.roles.items():
        title = f"iam.roles.{name}"
        if wrong := _elsewhere(situation, title, arn):
            yield wrong
            continue
        about = _there(situation, title, arn, "iam", "get_role", RoleName=arn.rpartition("/")[2])
        if isinstance(about, Check):
            yield about
        elif not any(each in repr(about["Role"]["AssumeRolePolicyDocument"]) for each in TAKE_ON):
            yield fail(
                title,
                f"{arn} lets neither functions nor containers take it on",
                f"let {' or '.join(TAKE_ON)} assume it",
            )
        else:
            yield ok(title, arn)


def boundary(situation: Situation) -> Iterator[Check]:
    """Look for the policy that bounds roles."""
    arn = situation.config.iam.permissions_boundary
    if arn:
        title = "iam.permissions_boundary"
        if wrong := _elsewhere(situation, title, arn):
            yield wrong
            return
        about = _there(situation, title, arn, "iam", "get_policy", PolicyArn=arn)
        yield about if isinstance(about, Check) else ok(title, arn)


def topics(situation: Situation) -> Iterator[Check]:
    """Look for topics of alarms."""
    wanted = {
        "observability.alarm_topic": situation.config.observability.alarm_topic,
        "models.alarms": situation.config.models.alarms,
    }
    for title, arn in wanted.items():
        if arn:
            about = _there(situation, title, arn, "sns", "get_topic_attributes", TopicArn=arn)
            yield about if isinstance(about, Check) else ok(title, arn)


def buckets(situation: Situation) -> Iterator[Check]:
    """Look for buckets of documents and of weights."""
    config = situation.config
    wanted = {
        "knowledge.source_buckets": config.knowledge.source_buckets,
        "models.weights_buckets": config.models.weights_buckets,
    }
    for title, names in wanted.items():
        for name in names:
            about = _there(situation, title, name, "s3", "head_bucket", Bucket=name)
            yield about if isinstance(about, Check) else ok(title, name)


def secrets(situation: Situation) -> Iterator[Check]:
    """Look for the secret that goes along with traces."""
    arn = situation.config.tracing.headers
    if arn:
        title = "tracing.headers"
        about = _there(situation, title, arn, "secretsmanager", "describe_secret", SecretId=arn)
        yield about if isinstance(about, Check) else ok(title, arn)


def _elsewhere(situation: Situation, title: str, arn: str) -> Check | None:
    """Tell that something of IAM is of another account, where one of that name may be here too."""
    account = arn.split(":")[4]
    if account in (situation.number, AWS_ITSELF):
        return None
    return fail(
        title,
        f"{arn} is of account {account}, and the credentials are of {situation.number}",
        f"name one of this account in {title}, or sign in to that one",
    )


def _there(
    situation: Situation, title: str, what: str, service: str, operation: str, **which: str
) -> Check | Mapping[str, Any]:
    """Ask for something; that it isn't there is a check that failed."""
    try:
        return situation.account.ask(service, operation, **which)
    except NotFound:
        return fail(title, f"there is no {what}", f"correct {title}, or make it first")
    except Invalid as error:
        return fail(title, error.message, f"correct {title}")
    except Forbidden:
        if service == "s3":
            return fail(
                title,
                f"{what} is of another account, or closed to us",
                "let this account read it, or name another",
            )
        raise
