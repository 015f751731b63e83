"""Weights come whole from S3, in parallel, and only once."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.weights.bringing import FILES, PLACE, bring, brought, uploaded
from tests.contract.weights.bucket_server import Answer, Asked, BucketServer


@pytest.mark.parametrize("manifest", [True, False])
def test_every_file_comes_by_ranges(s3: BucketServer, tmp_path: Path, *, manifest: bool) -> None:
    uploaded(s3, manifest=manifest)
    bring(s3, tmp_path)
    assert brought(tmp_path) == FILES
    assert len({each.range for each in s3.ranges() if "first" in each.path}) == 5


def test_ranges_come_at_the_same_time(s3: BucketServer, tmp_path: Path) -> None:
    together = threading.Barrier(4)

    def four_at_once(asked: Asked, answer: Answer) -> Answer:
        if "first" in asked.path and asked.range and asked.range != "bytes=4096-5119":
            together.wait(timeout=20)
        return answer

    uploaded(s3)
    s3.change = four_at_once
    bring(s3, tmp_path)
    assert brought(tmp_path) == FILES


def test_a_finished_file_isnt_asked_for_again(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    bring(s3, tmp_path)
    s3.asked.clear()
    bring(s3, tmp_path)
    assert [each.path for each in s3.ranges()] == ["/weights/model/lisa-weights.json"]


def test_only_a_file_that_was_replaced_comes_anew(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3, manifest=False)
    bring(s3, tmp_path)
    s3.asked.clear()
    s3.put(config__json=b'{"hidden_size": 9}')
    bring(s3, tmp_path)
    assert {each.path for each in s3.ranges()} == {"/weights/model/config.json"}
    assert brought(tmp_path)["config.json"] == b'{"hidden_size": 9}'


def test_a_file_the_model_has_no_more_goes_and_anothers_stays(
    s3: BucketServer, tmp_path: Path
) -> None:
    uploaded(s3, manifest=False)
    bring(s3, tmp_path)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    s3.bucket.Object("model/second.safetensors").delete()
    bring(s3, tmp_path)
    assert set(brought(tmp_path)) == {"config.json", "first.safetensors", "mine.txt"}


def test_a_range_that_breaks_off_is_asked_for_again(s3: BucketServer, tmp_path: Path) -> None:
    broken: set[Asked] = set()

    def half_at_first(asked: Asked, answer: Answer) -> Answer:
        if not asked.range or asked in broken or "manifest" in asked.path:
            return answer
        broken.add(asked)
        return replace(answer, sent=len(answer.body) // 2)

    uploaded(s3, manifest=False)
    s3.change = half_at_first
    bring(s3, tmp_path)
    assert brought(tmp_path) == FILES
    assert len(s3.ranges()) == 2 * len(broken)


def test_an_empty_file_and_a_folder_come_as_they_are(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3, manifest=False)
    s3.bucket.put_object(Key="model/1_Pooling/", Body=b"")
    s3.bucket.put_object(Key="model/1_Pooling/config.json", Body=b"{}")
    s3.bucket.put_object(Key="model/empty.txt", Body=b"")
    bring(s3, tmp_path)
    assert brought(tmp_path) == {**FILES, "1_Pooling/config.json": b"{}", "empty.txt": b""}


def test_of_several_models_only_the_named_one_comes_with_its_shards(
    s3: BucketServer, tmp_path: Path
) -> None:
    shards = {f"q4-0000{each}-of-00002.gguf": bytes([each]) * 9 for each in (1, 2)}
    for name, content in {**shards, "q8.gguf": b"other"}.items():
        s3.bucket.put_object(Key=f"model/{name}", Body=content)
    bring(s3, tmp_path, place=f"{PLACE}/q4-00001-of-00002.gguf")
    assert brought(tmp_path) == shards
    bring(s3, tmp_path / "other", place=f"{PLACE}/q8.gguf")
    assert brought(tmp_path / "other") == {"q8.gguf": b"other"}


def test_it_is_said_how_much_comes_and_where_it_is(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    first, *_, last = bring(s3, tmp_path)
    assert first == "3 files, 3 to bring, 0.00 GB"
    assert last == f"the weights are in {tmp_path}"
