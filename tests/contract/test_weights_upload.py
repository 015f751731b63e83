"""`lisa models upload` against an S3 that stands in for the real one."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from cli.models.upload import upload
from containers.engines.loading.bucket import Bucket
from containers.engines.loading.manifest import wanted_in
from containers.engines.loading.settings import source_of
from lisa.adapters.s3.weights import MEBIBYTE, S3Weights, make_weights_client
from lisa.domain.errors import Forbidden, Invalid, LisaError, NotFound, Unauthenticated
from lisa.domain.weights_manifest import MANIFEST, Manifest
from lisa.domain.weights_parcel import Parcel
from tests.unit.engines.weights_files import folder_of, safetensors

BUCKET = "weights"
PLACE = f"s3://{BUCKET}/tiny"
FILES = {
    "config.json": {"architectures": ["LlamaForCausalLM"]},
    "tokenizer.json": {},
    "1_Pooling/config.json": {"word_embedding_dimension": 4},
    "model.safetensors": safetensors(),
    "pytorch_model.bin": b"pickled",
    ".git/config": b"hidden",
}
SENT = ["1_Pooling/config.json", "config.json", "model.safetensors", "tokenizer.json"]


@dataclass
class Heard:
    """Notes what is told of an upload."""

    names: list[str] = field(default_factory=list)
    bytes: int = 0

    def begins(self, name: str) -> None:
        self.names.append(name)

    def passed(self, size: int) -> None:
        self.bytes += size


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Stand in for S3, with one bucket."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    with mock_aws():
        client = make_weights_client()
        region: Any = {"LocationConstraint": "eu-central-1"}
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)
        yield client


def bucket(s3: Any, **rest: Any) -> S3Weights:
    return S3Weights(s3, rest.pop("bucket", BUCKET), "tiny", **rest)


def keys(s3: Any) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_a_model_is_sent_and_its_list_last(
    s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path, FILES)
    upload(folder=folder, target=f"{PLACE}/", as_json=True)
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["source"], told["sent"], told["there_already"]) == (PLACE, 4, 0)
    assert sorted(keys(s3)) == sorted(f"tiny/{name}" for name in [*SENT, MANIFEST])
    written = s3.get_object(Bucket=BUCKET, Key=f"tiny/{MANIFEST}")["Body"].read()
    for each in Manifest.model_validate_json(written).files:
        content = s3.get_object(Bucket=BUCKET, Key=f"tiny/{each.path}")["Body"].read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (each.size, each.sha256)
        assert content == (folder / each.path).read_bytes()
    loaded = wanted_in(Bucket(s3, source_of(PLACE)))
    assert sorted((each.path, each.sha256) for each in loaded) == sorted(
        (each["path"], each["sha256"]) for each in told["files"]
    )
    assert "left behind, as pickled weights can run code: pytorch_model.bin" in printed.err
    assert "(100 %)" in printed.err


def test_the_second_time_only_what_differs_is_sent(
    s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path, FILES)
    upload(folder=folder, target=PLACE)
    (folder / "tokenizer.json").write_text("[]")
    s3.put_object(Bucket=BUCKET, Key="tiny/old.safetensors", Body=b"")
    s3.put_object(Bucket=BUCKET, Key="tinier/config.json", Body=b"")
    s3.put_object(Bucket=BUCKET, Key="tiny/", Body=b"")
    s3.put_object(Bucket=BUCKET, Key="tiny/config.json", Body=b"x" * 40)
    capsys.readouterr()
    upload(folder=folder, target=PLACE)
    printed = capsys.readouterr()
    assert "2 files sent, 2 lay there already" in printed.out
    assert f"{PLACE} also has what this model hasn't: old.safetensors\n" in printed.err
    assert s3.get_object(Bucket=BUCKET, Key="tiny/tokenizer.json")["Body"].read() == b"[]"


def test_a_big_file_goes_in_parts_and_all_its_bytes_are_told(s3: Any, tmp_path: Path) -> None:
    file = tmp_path / "big.safetensors"
    file.write_bytes(os.urandom(11 * MEBIBYTE))
    heard = Heard()
    place = bucket(s3, part_bytes=5 * MEBIBYTE)
    place.send([Parcel(file.name, file)], heard)
    found = s3.get_object(Bucket=BUCKET, Key=f"tiny/{file.name}")
    assert found["ETag"].strip('"').endswith("-3")
    assert found["Body"].read() == file.read_bytes()
    assert (heard.names, heard.bytes) == ([file.name], 11 * MEBIBYTE)
    again = Heard()
    assert place.send([Parcel(file.name, file)], again).there_already == 1
    assert again.bytes == 11 * MEBIBYTE


def test_nothing_is_sent_of_a_model_that_is_torn(s3: Any, tmp_path: Path) -> None:
    torn = {**FILES, "model.safetensors": safetensors(data=bytes(95))}
    torn.pop("tokenizer.json")
    with pytest.raises(Invalid) as refused:
        upload(folder=folder_of(tmp_path, torn), target=PLACE)
    assert "tokenizer.json: it is missing" in refused.value.message
    assert "model.safetensors: it should hold 96 bytes" in refused.value.message
    assert keys(s3) == []


def test_no_list_is_written_for_a_file_that_changes_meanwhile(s3: Any, tmp_path: Path) -> None:
    first, last = folder_of(tmp_path, {"a.json": {}, "b.json": {}}).glob("*.json")

    class Writer(Heard):
        def begins(self, name: str) -> None:
            if name == last.name:
                first.write_text("{ }")

    parcels = [Parcel(each.name, each) for each in (first, last)]
    with pytest.raises(LisaError, match="was changed while it was sent"):
        bucket(s3).send(parcels, Writer())
    assert f"tiny/{MANIFEST}" not in keys(s3)


def test_a_file_that_is_gone_meanwhile_is_named(s3: Any, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"gone\.json can't be read"):
        bucket(s3).send([Parcel("gone.json", tmp_path / "gone.json")], Heard())


def test_a_bucket_that_is_not_there_is_named(s3: Any) -> None:
    with pytest.raises(NotFound, match="there is no bucket missing"):
        bucket(s3, bucket="missing").send([], Heard())


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("AccessDenied", Forbidden, r"doesn't let you write to tiny/\* in the bucket weights"),
        ("ExpiredToken", Unauthenticated, "doesn't accept your credentials"),
        ("InvalidRequest", Invalid, "no such thing"),
    ],
)
def test_what_s3_refuses_is_told_in_plain_words(
    s3: Any, code: str, kind: type[LisaError], words: str
) -> None:
    def refuse(**_: Any) -> tuple[Any, dict[str, Any]]:
        error = {"Error": {"Code": code, "Message": "no such thing"}}
        return _Answer(), {**error, "ResponseMetadata": {"HTTPStatusCode": 403}}

    s3.meta.events.register("before-call.s3.ListObjectsV2", refuse)
    with pytest.raises(kind, match=words) as refused:
        bucket(s3).send([], Heard())
    assert refused.value.next_step


@dataclass
class _Answer:
    status_code: int = 403


def test_missing_credentials_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(Unauthenticated, match="no AWS credentials"):
        bucket(make_weights_client()).send([], Heard())
    monkeypatch.setenv("AWS_PROFILE", "unknown")
    with pytest.raises(Invalid, match="unknown"):
        make_weights_client()


def test_nothing_that_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    with pytest.raises(LisaError, match="S3 can't be reached"):
        bucket(make_weights_client()).send([], Heard())


@pytest.mark.parametrize("target", ["weights/tiny", "s3://", "s3://UPPER/x", "https://a/b"])
def test_what_is_no_place_in_s3_is_refused(target: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        upload(folder=tmp_path, target=target)


def test_the_sdk_is_loaded_for_an_upload_only() -> None:
    look = "import sys, cli.main; print({'boto3', 'botocore'} & {*sys.modules})"
    found = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout == "set()\n"


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="it is no folder"):
        upload(folder=tmp_path / "none", target=PLACE)
