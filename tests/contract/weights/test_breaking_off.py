"""A download that was killed goes on where it was."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract.weights.bringing import FILES, PLACE, bring, brought, uploaded
from tests.contract.weights.bucket_server import Answer, Asked, BucketServer
from tests.contract.weights.starting import started, until

NOTES = ".lisa/first.safetensors.notes"


@contextmanager
def holding(s3: BucketServer, is_held: Callable[[Asked], bool]) -> Iterator[None]:
    """Let some answers wait until it is over."""
    over = threading.Event()

    def hold(asked: Asked, answer: Answer) -> Answer:
        if is_held(asked):
            over.wait(60)
        return answer

    s3.change = hold
    yield
    over.set()
    s3.change = lambda _asked, answer: answer


def is_late(asked: Asked) -> bool:
    """Of the first shard three parts come, of the second one none."""
    return asked.range in {"bytes=3072-4095", "bytes=4096-5119"} or "second" in asked.path


def killed_in_the_middle(s3: BucketServer, folder: Path) -> set[str]:
    """Kill a download as soon as three parts have come; return what was asked for."""
    uploaded(s3)
    with holding(s3, is_late):
        process = started("tests.contract.weights.bring_slowly", [s3.url, PLACE, str(folder)], {})
        notes = folder / NOTES
        until(lambda: notes.exists() and notes.read_text().count("\n") == 4, process)
        process.kill()
        process.communicate()
    asked = {each.range for each in s3.ranges() if "first" in each.path}
    s3.asked.clear()
    return asked


def test_parts_that_came_before_a_kill_arent_asked_for_again(
    s3: BucketServer, tmp_path: Path
) -> None:
    killed_in_the_middle(s3, tmp_path)
    assert "first.safetensors" not in brought(tmp_path)
    bring(s3, tmp_path)
    again = sorted(each.range for each in s3.ranges() if "first" in each.path)
    assert again == ["bytes=3072-4095", "bytes=4096-5119"]
    assert brought(tmp_path) == FILES


def test_a_part_that_the_kill_damaged_is_mended(s3: BucketServer, tmp_path: Path) -> None:
    killed_in_the_middle(s3, tmp_path)
    with (tmp_path / ".lisa/first.safetensors.part").open("r+b") as part:
        part.write(b"damaged")
    bring(s3, tmp_path)
    assert brought(tmp_path) == FILES


def test_what_came_of_a_model_that_was_replaced_since_is_thrown_away(
    s3: BucketServer, tmp_path: Path
) -> None:
    killed_in_the_middle(s3, tmp_path)
    uploaded(s3, manifest=False)
    s3.bucket.Object("model/lisa-weights.json").delete()
    s3.put(first__safetensors=b"new" * 1000)
    bring(s3, tmp_path)
    assert brought(tmp_path) == {**FILES, "first.safetensors": b"new" * 1000}


def test_two_replicas_on_one_machine_bring_it_once(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    with holding(s3, lambda asked: bool(asked.range) and "lisa-weights" not in asked.path):
        arguments = [s3.url, PLACE, str(tmp_path)]
        both = [started("tests.contract.weights.bring_slowly", arguments, {}) for _ in range(2)]
        until(lambda: sum("lisa-weights" in each.path for each in s3.ranges()) == 2, both[0])
    said = [each.communicate(timeout=60)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert sorted("0 to bring" in each for each in said) == [False, True]
    assert brought(tmp_path) == FILES
