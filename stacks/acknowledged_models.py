"""The findings about models that we run: their names are known when they are made, not before."""

from collections.abc import Iterator
from typing import Final

from deployment.config.deployment import DeploymentConfig
from lisa.workflows.of_models import MODEL_WORKFLOWS
from stacks.finding import DEPLOYMENT, NAG, OLDER_RUNTIME, SECRETS_PREFIX, Acknowledged, any_of

NAMED: Final = f"{DEPLOYMENT}-model-*"
PATH: Final = f"{DEPLOYMENT}/models/*"
ANYTHING: Final = f"{NAG}IAM5[Resource::*]"
IMAGES: Final = any_of(
    "ssm", "parameter/aws/service/ecs/optimized-ami/amazon-linux-2023/*", "<AWS::Region>:"
)
EVERY_MODEL: Final = (
    "one model's permissions are every model's",
    "models come and go; no name outside the deployment's own is reached",
)
EVERY_RUN: Final = (
    "any run of these workflows can be looked at and stopped",
    "a run gets its name when it begins; the machines are named",
)
ONLY_LOOKS: Final = (
    "what others run in this account is seen",
    "most of these know no resource; of tasks only those of models are seen",
)
PUBLIC: Final = ("the role reads parameters that aren't ours", "AWS publishes them for everybody")
BOUND: Final = (
    "a role of a model could get as far",
    "it is a boundary: each role's own policy names the model's weights, log and secrets",
)
UNNAMED: Final = (
    "resources of others could be made or changed",
    "nobody foretells these names; only stacks of models are made as this role",
)
TRACED: Final = (
    "a machine may write traces and set up its log",
    "these actions know no resource; the CDK adds them for tracing and logging",
)
ANY_WEIGHTS: Final = (
    "the function reads every object of a bucket of weights",
    "models come and go with theirs; `models.weights_buckets` names the buckets",
)
STACKS: Final = any_of("cloudformation", f"stack/{NAMED}/*")
LOGS: Final = any_of("logs", f"log-group:{NAMED}")
OF_MAKER: Final = (
    any_of("ecs", f"cluster/{NAMED}"),
    any_of("ecs", f"capacity-provider/{NAMED}"),
    any_of("ecs", f"service/{NAMED}"),
    any_of("ecs", f"task-definition/{NAMED}"),
    any_of("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{NAMED}"),
    any_of("cloudwatch", f"alarm:{NAMED}"),
    any_of("logs", f"log-group:{NAMED}"),
    any_of("iam", f"role/{PATH}", ":<AWS::AccountId>"),
    any_of("iam", f"instance-profile/{PATH}", ":<AWS::AccountId>"),
)
UNNAMED_OF_MAKER: Final = (
    any_of("iam", "role/aws-service-role/*", ":<AWS::AccountId>"),
    any_of("ec2", "launch-template/*"),
    any_of("ec2", "security-group/*"),
    any_of("ec2", "image/*", "<AWS::Region>:"),
    any_of("ec2", "instance/*"),
    any_of("ec2", "network-interface/*"),
    any_of("ec2", "subnet/*"),
    any_of("ec2", "volume/*"),
    any_of("elasticloadbalancing", "loadbalancer/app/*"),
    any_of("elasticloadbalancing", "targetgroup/*"),
    any_of("elasticloadbalancing", "listener/app/*"),
    any_of("application-autoscaling", "scalable-target/*"),
    ANYTHING,
)
OF_BOUNDARY: Final = (
    any_of("s3", "*", ":"),
    any_of("secretsmanager", f"secret:{SECRETS_PREFIX}*"),
    any_of("ssm", f"parameter/{SECRETS_PREFIX}*"),
    any_of("logs", f"log-group:{NAMED}"),
    any_of("ecs", f"cluster/{NAMED}"),
    any_of("ecs", f"container-instance/{NAMED}"),
    any_of("ecs", f"task/{NAMED}"),
    ANYTHING,
)


def found_in_models(config: DeploymentConfig) -> Iterator[Acknowledged]:
    """Yield what there is to acknowledge where models run."""
    doors = {"models": "models", "workflows": "lifecycle", "watch": "lifecycle"}
    for door, stack in doors.items():
        role = f"Door-{door}/Role"
        yield Acknowledged(stack, role, STACKS, *EVERY_MODEL)
        yield Acknowledged(stack, role, ANYTHING, *ONLY_LOOKS)
    yield Acknowledged("models", "Door-models/Role", LOGS, *EVERY_MODEL)
    for door in ("workflows", "watch", "wake"):
        yield Acknowledged("lifecycle", f"Door-{door}/Function", f"{NAG}L1", *OLDER_RUNTIME)
    runs = [any_of("states", f"execution:{DEPLOYMENT}-{name}:*") for name in MODEL_WORKFLOWS]
    for door, stack in {"models": "models", "watch": "lifecycle"}.items():
        yield from _all(stack, f"Door-{door}/Role", runs, EVERY_RUN)
    weights = [any_of("s3", f"{bucket}/*", ":") for bucket in config.models.weights_buckets]
    yield from _all("lifecycle", "Door-workflows/Role", weights, ANY_WEIGHTS)
    for role in ("Door-workflows/Role", "Maker/Role"):
        yield Acknowledged("lifecycle", role, IMAGES, *PUBLIC)
    yield from _all("lifecycle", "Maker/Role", OF_MAKER, EVERY_MODEL)
    yield from _all("lifecycle", "Maker/Role", UNNAMED_OF_MAKER, UNNAMED)
    if not config.iam.permissions_boundary:
        yield from _all("lifecycle", "Boundary/Policy", OF_BOUNDARY, BOUND)
    for name in MODEL_WORKFLOWS:
        yield Acknowledged("lifecycle", f"Workflow-{name}/Role", ANYTHING, *TRACED)


def _all(
    stack: str, resource: str, rules: tuple[str, ...] | list[str], why: tuple[str, str]
) -> Iterator[Acknowledged]:
    for rule in rules:
        yield Acknowledged(stack, resource, rule, *why)
