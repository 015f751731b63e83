"""What the authorizer answers: a policy, or an error that API Gateway turns into a status."""

from typing import Any

from lisa.domain.errors import Forbidden, LisaError, Unauthenticated
from lisa.domain.identity import Principal


def allow(principal: Principal, method_arn: str) -> dict[str, Any]:
    """Let the call pass, and tell the door behind who it is."""
    return {
        **_policy("Allow", method_arn),
        "principalId": principal.subject,
        "context": {"subject": principal.subject},
    }


def refuse(error: LisaError, method_arn: str) -> dict[str, Any]:
    """Deny what is forbidden; raise the rest, as only a raised error is not a 403.

    API Gateway turns exactly the message `Unauthorized` into 401, any other failure into 503.
    """
    if isinstance(error, Unauthenticated):
        raise Unauthenticated("Unauthorized") from error
    if isinstance(error, Forbidden):
        return _policy("Deny", method_arn)
    raise error


def _policy(effect: str, method_arn: str) -> dict[str, Any]:
    """Speak of the whole stage: the answer is never reused, and paths may hold wildcards."""
    api, stage = method_arn.split("/")[:2]
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": f"{api}/{stage}/*"}
    return {"policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
