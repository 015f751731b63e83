"""Lets a secret be replaced by the function that its template names.

Run by the emulator's interpreter, beside `serve`; tests/deploy/test_secrets_on_aws.py relies on it.
On AWS a schedule that is made rotates at once; here it waits to be asked, so that deploying is no
slower.
"""

import contextvars
import threading
import time
from typing import Any, Final

# Not in our environment: the emulator has one of its own.
from ministack.services import (  # type: ignore[import-not-found] # see above
    lambda_svc,
    secretsmanager,
)
from ministack.services.cloudformation import (  # type: ignore[import-not-found] # see above
    provisioners,
)

SCHEDULE: Final = "AWS::SecretsManager::RotationSchedule"
STEPS: Final = ("createSecret", "setSecret", "testSecret", "finishSecret")


def rotate_by_functions() -> None:
    """Do all of it."""
    otherwise = secretsmanager._rotate_secret

    def rotated(asked: dict[str, Any]) -> Any:
        _, secret = secretsmanager._resolve(asked["SecretId"])
        function = asked.get("RotationLambdaARN") or (secret or {}).get("RotationLambdaARN")
        return _begun(secret, function, asked) if secret and function else otherwise(asked)

    secretsmanager._rotate_secret = rotated
    provisioners._RESOURCE_HANDLERS[SCHEDULE] = {
        "create": lambda _, wanted, __: (_scheduled(wanted), {}),
        "update": lambda _, __, wanted, ___: (_scheduled(wanted), {}),
        "delete": _unscheduled,
    }


def _scheduled(wanted: dict[str, Any]) -> str:
    arn = str(wanted["SecretId"])
    _, secret = secretsmanager._resolve(arn)
    lambda_svc._functions[wanted["RotationLambdaARN"].rpartition(":")[2]]  # it has to be there
    secret |= {
        "RotationEnabled": True,
        "RotationLambdaARN": wanted["RotationLambdaARN"],
        "RotationRules": wanted["RotationRules"],
    }
    return arn


def _unscheduled(arn: str, _: Any) -> None:
    _, secret = secretsmanager._resolve(arn)
    if secret:
        secret["RotationEnabled"] = False


def _begun(secret: dict[str, Any], function: str, asked: dict[str, Any]) -> Any:
    """Make the version that the function is to fill, and call it step by step, as AWS does."""
    version = asked["ClientRequestToken"]
    rules = asked.get("RotationRules") or secret.get("RotationRules")
    secret |= {
        "RotationEnabled": True,
        "RotationLambdaARN": function,
        "RotationRules": rules,
    }
    secret["Versions"][version] = {
        "SecretString": None,
        "SecretBinary": None,
        "CreatedDate": int(time.time()),
        "Stages": ["AWSPENDING"],
    }
    here = contextvars.copy_context()
    steps = threading.Thread(
        target=here.run, args=(_all_steps, secret["ARN"], function, version), daemon=True
    )
    steps.start()  # the function calls us back
    told = {"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": version}
    return secretsmanager.json_response(told)


def _all_steps(arn: str, function: str, version: str) -> None:
    record = lambda_svc._functions[function.rpartition(":")[2]]
    for step in STEPS:
        event = {"Step": step, "SecretId": arn, "ClientRequestToken": version}
        if lambda_svc._execute_function(record, event).get("error"):
            return
