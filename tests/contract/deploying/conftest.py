"""An account on loopback, which AWS's own clients are led to."""

import os
from collections.abc import Iterator

import pytest

from deployment.account import Account
from tests.contract.deploying.account import REGION, well
from tests.standins.aws_replies.server import AwsReplies, serving

HERE = {
    "AWS_ACCESS_KEY_ID": "made-up",
    "AWS_SECRET_ACCESS_KEY": "made-up",
    "AWS_SESSION_TOKEN": "made-up",
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(scope="module")
def served() -> Iterator[AwsReplies]:
    """Serve, and lead clients there."""
    with pytest.MonkeyPatch.context() as patch, serving({}) as account:
        for name in [each for each in os.environ if each.startswith(("AWS_", "LISA_"))]:
            patch.delenv(name)
        for name, value in {**HERE, "AWS_ENDPOINT_URL": account.url}.items():
            patch.setenv(name, value)
        yield account


@pytest.fixture(scope="module")
def account(served: AwsReplies) -> Account:
    """Return our side of it; its clients take seconds to make."""
    assert served.url
    return Account(REGION)


@pytest.fixture
def aws(served: AwsReplies) -> Iterator[AwsReplies]:
    """Be well again; whatever nobody recorded an answer to fails the test."""
    served.replies = well()
    served.calls.clear()
    served.unanswered.clear()
    yield served
    assert served.unanswered == []
