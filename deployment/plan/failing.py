"""Says why a deployment failed: what CloudFormation told first, and what helps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from deployment.account import Account
from lisa.domain.errors import NotFound

ECHOES: Final = ("cancelled", "following resource(s) failed")
ADVICE: Final = (
    (
        ("not authorized", "AccessDenied", "is not allowed"),
        (
            "the role of CloudFormation may not do that: give it the right, or bootstrap anew with "
            "a policy that has it"
        ),
    ),
    (
        ("limit", "quota", "LimitExceeded", "maximum number"),
        (
            "a quota of the account is used up: ask for more in Service Quotas; `lisa preflight` "
            "names what is short"
        ),
    ),
    (
        ("already exists",),
        (
            "something of that name was left from before: remove it, or choose another `name` or "
            "`stage`; `lisa destroy --plan-only` lists what is left"
        ),
    ),
    (
        ("Insufficient capacity", "insufficient capacity", "Unsupported"),
        "AWS has no such machine there now: choose another instance type or other zones",
    ),
    (
        ("certificate",),
        "the certificate must be issued, and lie in the region of the deployment",
    ),
    (
        ("circuit breaker", "did not stabilize", "Circuit Breaker"),
        (
            "containers began and weren't well: their logs say why; often no image can be pulled "
            "or the network has no way out"
        ),
    ),
)
OTHERWISE: Final = "mend what CloudFormation names, and deploy again: what is done stays done"


@dataclass(frozen=True)
class Failure:
    """One thing that failed, in CloudFormation's words, with what helps."""

    stack: str
    resource: str
    kind: str
    reason: str
    helps: str


def failures(account: Account, stacks: Sequence[str], since: datetime) -> list[Failure]:
    """Return what failed in these stacks since then, first what failed first."""
    return [each for stack in stacks for each in _of_stack(account, stack, since)]


def _of_stack(account: Account, stack: str, since: datetime) -> Iterator[Failure]:
    try:
        events = account.ask("cloudformation", "describe_stack_events", StackName=stack)
    except NotFound:
        return
    for event in reversed(events["StackEvents"]):
        reason = str(event.get("ResourceStatusReason", ""))
        if event["Timestamp"] >= since and _failed(event) and not any(e in reason for e in ECHOES):
            yield Failure(
                stack, event["LogicalResourceId"], event["ResourceType"], reason, advice(reason)
            )


def _failed(event: Mapping[str, Any]) -> bool:
    has_failed = str(event["ResourceStatus"]).endswith("FAILED")
    return has_failed and bool(event.get("ResourceStatusReason"))


def advice(reason: str) -> str:
    """Return what helps against a reason."""
    for words, helps in ADVICE:
        if any(each in reason for each in words):
            return helps
    return OTHERWISE
