"""Secrets are found where their references say, asked for once a minute, and never repeated."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from lisa.adapters.aws_secrets.secrets import AwsSecrets
from lisa.adapters.environment.secrets import EnvironmentSecrets, FileSecrets
from lisa.adapters.memory.clock import ManualClock
from lisa.declared.home import CLI_TOKEN, LOCK, SECRET
from lisa.domain.errors import Unavailable
from lisa.usecases.remembered_secrets import RememberedSecrets


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    with mock_aws():
        yield


async def test_a_variable_is_found() -> None:
    assert await EnvironmentSecrets({"KEY": " s3cret\n"}).resolve("env:KEY") == "s3cret"


@pytest.mark.parametrize("name", ["MISSING", "EMPTY", "LISA_TOKEN", "AWS_SESSION_TOKEN"])
async def test_a_missing_or_an_own_variable_is_not(name: str) -> None:
    environ = {"EMPTY": " ", "LISA_TOKEN": "s3cret", "AWS_SESSION_TOKEN": "s3cret"}
    with pytest.raises(Unavailable, match="no secret") as raised:
        await EnvironmentSecrets(environ).resolve(f"env:{name}")
    assert "s3cret" not in str(raised.value)


async def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    assert await FileSecrets().resolve(f"file:{tmp_path / 'key'}") == "s3cret"


@pytest.mark.parametrize("place", ["missing", "", "big", "link", "empty"])
async def test_what_is_no_small_file_is_not(tmp_path: Path, place: str) -> None:
    (tmp_path / "big").write_bytes(b"x" * 100_000)
    (tmp_path / "link").symlink_to("/proc/self/environ")
    (tmp_path / "empty").touch()
    with pytest.raises(Unavailable):
        await FileSecrets().resolve(f"file:{tmp_path / place}")


@pytest.mark.usefixtures("aws")
async def test_aws_keeps_secrets_and_parameters() -> None:
    boto3.client("secretsmanager").create_secret(Name="lisa/key", SecretString="s3cret")
    boto3.client("ssm").put_parameter(Name="/lisa/key", Value="other", Type="SecureString")
    secrets = AwsSecrets()
    assert await secrets.resolve("secret:lisa/key") == "s3cret"
    assert await secrets.resolve("parameter:/lisa/key") == "other"
    for reference in ("secret:lisa/none", "parameter:/lisa/none"):
        with pytest.raises(Unavailable, match=reference):
            await secrets.resolve(reference)


class Place:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, reference: str) -> str:
        self.asked += 1
        await asyncio.sleep(0)
        return f"{reference} {self.asked}"


async def test_a_secret_is_asked_for_once_a_minute_however_many_want_it() -> None:
    place, clock = Place(), ManualClock()
    secrets = RememberedSecrets({"env": place}, clock)
    assert {*await asyncio.gather(*(secrets.resolve("env:A") for _ in range(50)))} == {"env:A 1"}
    clock.advance(59.9)
    assert await secrets.resolve("env:A") == "env:A 1"
    clock.advance(0.1)
    assert await secrets.resolve("env:A") == "env:A 2"


async def test_a_kind_of_reference_that_nobody_keeps_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await RememberedSecrets({}, ManualClock()).resolve("secret:x")


async def test_what_lies_in_a_home_of_lisa_is_nobodys_key(tmp_path: Path) -> None:
    for name in (LOCK, SECRET, CLI_TOKEN):
        (tmp_path / name).write_text("own")
    with pytest.raises(Unavailable):
        await FileSecrets().resolve(f"file:{tmp_path / CLI_TOKEN}")
