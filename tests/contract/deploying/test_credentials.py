"""With which credentials somebody deploys: a role's or a sign-in's, rather than lasting keys."""

import os
from pathlib import Path

import pytest

from deployment.account import Account
from deployment.preflight.caller import lasting_keys
from deployment.preflight.check import Situation, State
from tests.contract.deploying.account import CALLER, NUMBER, REGION, made

NOBODYS = {"AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true"}
KEYS = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up"}
PROFILE = """[profile deployer]
credential_process = printf '%s' '{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", \
"SessionToken": "c", "Expiration": "2999-01-01T00:00:00Z"}'
"""


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Take every credential away that this machine may have."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    given = {**NOBODYS, "AWS_CONFIG_FILE": str(tmp_path / "config")}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def state() -> tuple[State, str]:
    """Tell how it is with the keys that are found, and what helps."""
    (check,) = lasting_keys(Situation(made(), Account(REGION), NUMBER, CALLER))
    return check.state, check.next_step


def test_keys_that_never_expire_are_warned_of(nobody: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        nobody.setenv(name, value)
    found, helps = state()
    assert (found, "aws sso login" in helps) == (State.WARN, True)


def test_those_of_a_role_are_taken(nobody: pytest.MonkeyPatch) -> None:
    for name, value in {**KEYS, "AWS_SESSION_TOKEN": "made-up"}.items():
        nobody.setenv(name, value)
    assert state()[0] is State.OK


def test_so_are_those_of_a_profile_that_signs_in(
    nobody: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(PROFILE)
    nobody.setenv("AWS_PROFILE", "deployer")
    assert state()[0] is State.OK
