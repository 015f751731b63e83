"""Weights that can't be brought whole are refused, each kind by a code of its own."""

import json
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from containers.engines.loading.failures import CannotStart, Exit
from tests.contract.weights.bringing import (
    FILES,
    MODEL,
    bring,
    brought,
    manifest_of,
    uploaded,
)
from tests.contract.weights.bucket_server import Answer, Asked, BucketServer, denied


def refused(s3: BucketServer, folder: Path, **how: Any) -> CannotStart:
    with pytest.raises(CannotStart) as failure:
        bring(s3, folder, **how)
    assert "\n" not in str(failure.value)
    return failure.value


def flipped(asked: Asked, answer: Answer) -> Answer:
    """Change the first shard on its way."""
    if "first" in asked.path and asked.range.startswith("bytes=0-"):
        return replace(answer, body=b"!" + answer.body[1:])
    return answer


@pytest.mark.parametrize(
    "place", ["s3://weights/none", "s3://weights/mod", "s3://no-such-bucket/x"]
)
def test_a_place_where_nothing_lies(s3: BucketServer, tmp_path: Path, place: str) -> None:
    uploaded(s3)
    failure = refused(s3, tmp_path, place=place)
    assert failure.code is Exit.NO_WEIGHTS
    assert place in str(failure)


def test_a_named_model_that_isnt_there(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    assert refused(s3, tmp_path, place="s3://weights/model/a.gguf").code is Exit.NO_WEIGHTS


def test_an_object_that_the_manifest_names_and_nobody_uploaded(
    s3: BucketServer, tmp_path: Path
) -> None:
    uploaded(s3)
    s3.bucket.Object("model/second.safetensors").delete()
    failure = refused(s3, tmp_path)
    assert failure.code is Exit.MISSING
    assert "second.safetensors" in str(failure)
    assert not brought(tmp_path)


def test_an_object_of_another_length_than_was_uploaded(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    s3.put(second__safetensors=b"short")
    failure = refused(s3, tmp_path)
    assert failure.code is Exit.TORN
    assert "second.safetensors is torn, with 5 of 5124 bytes" in str(failure)


def test_an_object_of_another_content_than_was_uploaded(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    s3.put(second__safetensors=b"!" + MODEL["second__safetensors"][1:])
    failure = refused(s3, tmp_path)
    assert failure.code is Exit.TORN
    assert "second.safetensors" in str(failure)
    assert "second.safetensors" not in brought(tmp_path)
    assert not list(tmp_path.rglob("second.safetensors.part"))


def test_without_a_manifest_what_changes_on_its_way_is_seen_by_s3s_own_checksum(
    s3: BucketServer, tmp_path: Path
) -> None:
    uploaded(s3, manifest=False)
    s3.change = flipped
    assert refused(s3, tmp_path).code is Exit.TORN
    assert "first.safetensors" not in brought(tmp_path)


def test_an_object_that_is_replaced_while_it_is_read(s3: BucketServer, tmp_path: Path) -> None:
    def replacing(asked: Asked, answer: Answer) -> Answer:
        if "list-type" in asked.path:
            s3.put(first__safetensors=b"!" + MODEL["first__safetensors"][1:])
        return answer

    uploaded(s3, manifest=False)
    s3.change = replacing
    failure = refused(s3, tmp_path)
    assert failure.code is Exit.TORN
    assert "was replaced" in str(failure)


@pytest.mark.parametrize(
    "manifest", [b"{", b"[]", b'{"files": []}', b'{"version": 1, "files": [{"path": "a"}]}']
)
def test_a_torn_manifest(s3: BucketServer, tmp_path: Path, manifest: bytes) -> None:
    uploaded(s3)
    s3.bucket.put_object(Key="model/lisa-weights.json", Body=manifest)
    failure = refused(s3, tmp_path)
    assert failure.code is Exit.TORN
    assert "lisa-weights.json" in str(failure)


def test_a_manifest_of_a_newer_version(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    newer = {**json.loads(manifest_of(FILES)), "version": 2}
    s3.bucket.put_object(Key="model/lisa-weights.json", Body=json.dumps(newer).encode())
    assert refused(s3, tmp_path).code is Exit.SETTINGS


@pytest.mark.parametrize("path", ["../out", "a/../../out", "/out", "a//b", ".lisa/lock"])
def test_a_name_that_leads_elsewhere(s3: BucketServer, tmp_path: Path, path: str) -> None:
    s3.bucket.put_object(Key=f"model/{path}", Body=b"out")
    s3.bucket.put_object(Key="model/lisa-weights.json", Body=manifest_of({path: b"out"}))
    assert refused(s3, tmp_path / "in").code is Exit.TORN
    assert not brought(tmp_path)


@pytest.mark.parametrize("method", ["list-type", "safetensors"])
def test_no_access_to_the_list_or_to_an_object(
    s3: BucketServer, tmp_path: Path, method: str
) -> None:
    uploaded(s3)
    s3.change = lambda asked, answer: denied(asked, answer) if method in asked.path else answer
    failure = refused(s3, tmp_path)
    assert failure.code is Exit.NO_ACCESS
    assert "the task's role must list and get it" in str(failure)


def test_no_space_is_told_before_anything_is_read(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3, manifest=False)
    failure = refused(s3, tmp_path, free=lambda _: 1000)
    assert failure.code is Exit.NO_SPACE
    assert "give the model a larger disk" in str(failure)
    assert not s3.ranges()


def test_a_folder_that_isnt_one(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    (tmp_path / "file").write_text("no folder")
    assert refused(s3, tmp_path / "file").code is Exit.NO_FOLDER


def test_a_range_that_always_breaks_off(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3, manifest=False)
    s3.change = lambda asked, answer: replace(answer, sent=1) if asked.range else answer
    assert refused(s3, tmp_path).code is Exit.UNREACHABLE


def test_nobody_at_the_address_of_s3(s3: BucketServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    config = Config(retries={"total_max_attempts": 1})
    client = boto3.session.Session().client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", config=config
    )
    failure = refused(s3, tmp_path, client=client)
    assert failure.code is Exit.UNREACHABLE
    assert "S3 can't be reached" in str(failure)
