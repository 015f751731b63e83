"""What may go wrong in an account while a model is on its way, each from outside of our code."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

from lisa.adapters.cloudformation.wanted import stack_name
from lisa.declared.model_stack import Site
from tests.deploy.conftest import Account
from tests.deploy.hosted import BUCKET, MODEL, Hosted, client_of, put_weights, stacks_of
from tests.deploy.replicas import Replicas
from tests.standins.aws_emulator.faults import Fault, Instead
from tests.standins.aws_emulator.faulty_endpoint import FaultyEndpoint

NETWORK: Final = "10.99.0.0/24"


@dataclass(frozen=True)
class Lab:
    """An account with a model, the endpoint of its steps, and the engines there may be."""

    account: Account
    model: Hosted
    endpoint: FaultyEndpoint
    replicas: Replicas
    engines: Mapping[str, str]

    @cached_property
    def function(self) -> dict[str, Any]:
        """Return how the function that does all steps is configured."""
        with client_of(self.account, "lambda") as functions:
            found = functions.list_functions(MaxItems=100)["Functions"]
        return next(dict(each) for each in found if each["FunctionName"].endswith("-workflows"))

    @contextmanager
    def configured(self, variables: Mapping[str, str], **changes: Any) -> Iterator[None]:
        """Let that function be configured otherwise meanwhile."""
        name = self.function["FunctionName"]
        with client_of(self.account, "lambda") as functions:
            told = functions.get_function_configuration(FunctionName=name)
            before = {each: told[each] for each in ("Environment", "Handler", "Timeout")}
            more = {"Variables": {**told["Environment"]["Variables"], **variables}}
            new = {"Environment": more, **changes}
            functions.update_function_configuration(FunctionName=name, **new)
            try:
                yield
            finally:
                functions.update_function_configuration(FunctionName=name, **before)


Trouble: TypeAlias = Callable[[Lab], AbstractContextManager[object]]


def refused(
    service: str, operation: str, answer: str | Instead, *about: str, message: str = "told to"
) -> Trouble:
    """Let a service refuse each such call."""
    fault = Fault(service, operation, answer, message, about=about, times=None)
    return lambda lab: lab.endpoint.failing(fault)


def of_step(step: str, phase: str = "done") -> tuple[str, str]:
    """Return what only that write has in it by which a step tells how it ended."""
    return json.dumps({"S": step})[1:-1], json.dumps({"S": phase})[1:-1]


def unwritten(step: str, phase: str = "done") -> Trouble:
    """Let the table refuse what a step tells in the end."""
    told = of_step(step, phase)
    return refused("dynamodb", "TransactWriteItems", "AccessDeniedException", *told)


def unsaid() -> Trouble:
    """Let the table refuse whatever says that something failed."""
    failed = json.dumps({"S": "failed"})[1:-1]
    return refused("dynamodb", "TransactWriteItems", "AccessDeniedException", failed)


def configured(**changes: Any) -> Trouble:
    """Let the function that does the steps be configured otherwise."""
    return lambda lab: lab.configured({}, **changes)


def all_of(*troubles: Trouble) -> Trouble:
    """Let these go wrong together."""

    @contextmanager
    def together(lab: Lab) -> Iterator[None]:
        with ExitStack() as stack:
            for each in troubles:
                stack.enter_context(each(lab))
            yield

    return together


def engine(which: str) -> Trouble:
    """Let another engine stand behind the balancer, or none."""
    return lambda lab: lab.replicas.instead(lab.engines.get(which))


@contextmanager
def torn_weights(lab: Lab) -> Iterator[None]:
    """Cut the file of weights off."""
    put_weights(lab.account, "tiny", model_safetensors=b"\x99" * 20)
    try:
        yield
    finally:
        put_weights(lab.account, "tiny")


@contextmanager
def no_weights(lab: Lab) -> Iterator[None]:
    """Take all weights away."""
    with client_of(lab.account, "s3") as s3:
        for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="tiny/").get("Contents", []):
            s3.delete_object(Bucket=BUCKET, Key=each["Key"])
    try:
        yield
    finally:
        put_weights(lab.account, "tiny")


def denied(action: str) -> Trouble:
    """Take a right away from the function."""

    @contextmanager
    def taken(lab: Lab) -> Iterator[None]:
        role = lab.function["Role"].rpartition("/")[2]
        statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        with client_of(lab.account, "iam") as iam:
            iam.put_role_policy(RoleName=role, PolicyName="trouble", PolicyDocument=policy)
            try:
                yield
            finally:
                iam.delete_role_policy(RoleName=role, PolicyName="trouble")

    return taken


def template_with(**sections: dict[str, Any]) -> Trouble:
    """Let models' stacks have something more, in the template that was deployed."""

    @contextmanager
    def there(lab: Lab) -> Iterator[None]:
        site = json.loads(lab.function["Environment"]["Variables"]["LISA_SITE"])
        place = {"Bucket": site["template_bucket"], "Key": site["templates"]["vllm"]}
        with client_of(lab.account, "s3") as s3:
            content = s3.get_object(**place)["Body"].read()
            template = json.loads(content)
            for section, more in sections.items():
                template[section] |= more
            s3.put_object(**place, Body=json.dumps(template, separators=(",", ":")).encode())
            try:
                yield
            finally:
                s3.put_object(**place, Body=content)

    return there


def never_signalled(seconds: int, disk_gb: int | None = None) -> Trouble:
    """Let a resource wait for a signal that never comes, and then fail.

    Given the size of a disk, only stacks of models with another size have that resource.
    """
    unlike = {"Fn::Not": [{"Fn::Equals": [{"Ref": "DiskGb"}, str(disk_gb)]}]}
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle", "Condition": "Unlike"}
    waits = {"Handle": {"Ref": "Handle"}, "Timeout": str(seconds), "Count": 1}
    condition = {
        "Type": "AWS::CloudFormation::WaitCondition",
        "Condition": "Unlike",
        "Properties": waits,
    }
    return template_with(
        Conditions={"Unlike": unlike}, Resources={"Handle": handle, "Waits": condition}
    )


@contextmanager
def protected(lab: Lab) -> Iterator[None]:
    """Protect the stack from being deleted."""
    with client_of(lab.account, "cloudformation") as client:
        names = [each["StackName"] for each in stacks_of(lab.account)]
        for name in names:
            client.update_termination_protection(StackName=name, EnableTerminationProtection=True)
        yield
        for name in names:
            client.update_termination_protection(StackName=name, EnableTerminationProtection=False)


@contextmanager
def former_stack(lab: Lab) -> Iterator[None]:
    """Let there be a stack that has the model's name, and isn't its."""
    site = Site.model_validate_json(lab.function["Environment"]["Variables"]["LISA_SITE"])
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    with client_of(lab.account, "cloudformation") as client:
        name = stack_name(site, MODEL)
        client.create_stack(StackName=name, TemplateBody=json.dumps(template))
        client.get_waiter("stack_create_complete").wait(StackName=name)
    yield


@contextmanager
def held(lab: Lab) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Let models' stacks have a network, into which others may put something."""
    network = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": NETWORK}}

    @contextmanager
    def hold() -> Iterator[None]:
        with client_of(lab.account, "ec2") as ec2:
            [vpc] = ec2.describe_vpcs(Filters=[{"Name": "cidr", "Values": [NETWORK]}])["Vpcs"]
            made = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock=NETWORK)["Subnet"]
            yield
            ec2.delete_subnet(SubnetId=made["SubnetId"])

    with template_with(Resources={"Network": network})(lab):
        yield hold
