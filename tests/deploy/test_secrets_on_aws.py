"""The secrets of the stacks are replaced by the deployed function, asked by Secrets Manager."""

import json
import time
import uuid
from itertools import pairwise
from typing import Any, Final

import pytest

from lisa.domain.rotating import Rotating, read_rotating
from tests.deploy.conftest import Account
from tests.deploy.hosted import client_of, function_of
from tests.standins.aws_emulator.access import published

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys
PATIENCE: Final = 240  # quarters of a second


def kept(client: Any, arn: str) -> Rotating:
    return read_rotating(client.get_secret_value(SecretId=arn)["SecretString"])


def rotated(client: Any, arn: str) -> Rotating:
    """Have it replaced, and wait until it is."""
    version = str(uuid.uuid4())
    client.rotate_secret(SecretId=arn, ClientRequestToken=version)
    for _ in range(PATIENCE):
        stages = client.describe_secret(SecretId=arn)["VersionIdsToStages"]
        if "AWSCURRENT" in stages[version]:
            return kept(client, arn)
        time.sleep(0.25)
    raise AssertionError(stages)


@pytest.mark.parametrize("name", ["passes/secret", "secrets/litellm"])
def test_a_secret_is_replaced_and_every_process_goes_on_agreeing(
    account: Account, name: str
) -> None:
    arn = published(account.emulator, name)
    with client_of(account, "secretsmanager") as client:
        told = client.describe_secret(SecretId=arn)
        found = [kept(client, arn), rotated(client, arn), rotated(client, arn)]

    assert told["RotationEnabled"]
    assert told["RotationRules"] == {"AutomaticallyAfterDays": 90}
    assert all(after.follows(before) for before, after in pairwise(found))
    assert len(set(found[2].words)) == 3


def test_a_secret_of_somebody_else_is_left_alone(account: Account) -> None:
    with client_of(account, "secretsmanager") as client:
        theirs = client.create_secret(Name="theirs", SecretString="theirs")["ARN"]
        event = {"Step": "createSecret", "SecretId": theirs, "ClientRequestToken": "made-up"}
        with client_of(account, "lambda") as functions:
            done = functions.invoke(
                FunctionName=function_of("rotate"), Payload=json.dumps(event).encode()
            )
            said = done["Payload"].read()
        versions = client.describe_secret(SecretId=theirs)["VersionIdsToStages"]
        client.delete_secret(SecretId=theirs, ForceDeleteWithoutRecovery=True)

    assert done["FunctionError"]
    assert b"isn't one that is replaced here" in said
    assert len(versions) == 1
