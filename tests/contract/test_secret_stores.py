"""Every place for keys that were given to LISA: kept, found by reference, removed, nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from moto import mock_aws

from lisa.adapters.aws_secrets.secrets import AwsSecrets
from lisa.adapters.aws_secrets.store import SecretsManagerStore, make_client
from lisa.adapters.environment.secrets import FileSecrets
from lisa.adapters.files.key_files import KeyFiles
from lisa.adapters.memory.secrets import MemorySecrets
from lisa.domain.errors import Unavailable
from lisa.domain.model import Upstream
from lisa.ports.secrets import Secrets, SecretStore


@dataclass(frozen=True)
class Place:
    """Where keys are kept, and what finds them there."""

    store: SecretStore
    secrets: Secrets


@pytest.fixture(params=["memory", "files", "secretsmanager"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "memory":
        both = MemorySecrets()
        yield Place(both, both)
    elif request.param == "files":
        yield Place(KeyFiles(tmp_path / "keys"), FileSecrets())
    else:
        with mock_aws():
            yield Place(SecretsManagerStore(make_client(), "lisa/dev/"), AwsSecrets())


async def test_a_key_is_found_by_its_reference_until_it_is_removed(place: Place) -> None:
    kept = [await place.store.put(f"model-key_{number}", f"key-{number}") for number in range(2)]
    assert [await place.secrets.resolve(each) for each in kept] == ["key-0", "key-1"]
    await place.store.remove(kept[0])
    with pytest.raises(Unavailable):
        await place.secrets.resolve(kept[0])
    assert await place.secrets.resolve(kept[1]) == "key-1"


async def test_a_reference_can_stand_in_a_model(place: Place) -> None:
    reference = await place.store.put("model-key_1", "key")
    assert Upstream(url="http://127.0.0.1/v1", key=reference).key == reference


async def test_removing_what_is_not_there_is_no_failure(place: Place) -> None:
    reference = await place.store.put("model-key_1", "key")
    await place.store.remove(reference)
    await place.store.remove(reference)


async def test_no_file_elsewhere_is_removed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "mine"
    elsewhere.write_text("key")
    store = KeyFiles(tmp_path / "keys")
    await store.put("model-key_1", "key")
    for path in (elsewhere, tmp_path / "keys" / ".." / "mine"):
        await store.remove(f"file:{path}")
    assert elsewhere.read_text() == "key"


async def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    reference = await KeyFiles(tmp_path / "keys").put("model-key_1", "key")
    file = Path(reference.removeprefix("file:"))
    modes = [oct(each.stat().st_mode & 0o777) for each in (file, file.parent)]
    assert modes == ["0o600", "0o700"]


async def test_a_home_whose_path_no_reference_can_hold_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unusual characters"):
        await KeyFiles(tmp_path / "a home").put("model-key_1", "key")


async def test_no_secret_of_another_deployment_is_removed() -> None:
    with mock_aws():
        theirs = await SecretsManagerStore(make_client(), "lisa/prod/").put("k", "key")
        await SecretsManagerStore(make_client(), "lisa/dev/").remove(theirs)
        assert await AwsSecrets().resolve(theirs) == "key"


@pytest.mark.parametrize("key", ["", "arn:aws:kms:us-east-1:123456789012:key/made-up"])
async def test_a_secret_is_encrypted_with_the_key_that_was_told(key: str) -> None:
    with mock_aws():
        client = make_client()
        reference = await SecretsManagerStore(client, "lisa/dev/", key).put("model-key_1", "key")
        told = client.describe_secret(SecretId=reference.removeprefix("secret:"))

    assert told.get("KmsKeyId", "") == key
