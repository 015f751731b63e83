"""Takes a statement out of a role of the emulated account, and puts it back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.deploy.conftest import Account
from tests.deploy.hosted import client_of
from tests.deploy.tasks import Task


def role_of_task(task: Task) -> str:
    """Return the name of the role that a task takes on."""
    return str(task.definition["taskRoleArn"]).rsplit("/", 1)[-1]


@contextmanager
def without(account: Account, role: str, statement: str) -> Iterator[None]:
    """Take a statement out of a role, in place, and put it back."""
    with client_of(account, "iam") as iam:
        [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        kept = [each for each in document["Statement"] if each.get("Sid") != statement]
        assert len(kept) == len(document["Statement"]) - 1
        policy = {"RoleName": role, "PolicyName": name}
        less = {**document, "Statement": kept}
        iam.put_role_policy(**policy, PolicyDocument=json.dumps(less))
        try:
            yield
        finally:
            iam.put_role_policy(**policy, PolicyDocument=json.dumps(document))
