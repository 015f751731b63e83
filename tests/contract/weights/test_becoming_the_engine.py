"""The program before an engine becomes it, or ends with a line and a code."""

import signal
import sys
from pathlib import Path

import pytest

from tests.contract.weights.bringing import FILES, PLACE, brought, uploaded
from tests.contract.weights.bucket_server import Answer, Asked, BucketServer, denied
from tests.contract.weights.starting import started, until

LOADING = "containers.engines.loading"
# An engine that takes its leave with 7 when it is told to.
ENGINE = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
print(os.getpid(), *sys.argv[1:], flush=True)
signal.pause()
"""
COMMAND = [sys.executable, "-c", ENGINE, "--model-id", "/weights"]


def environment_of(s3: BucketServer, folder: Path) -> dict[str, str]:
    return {"LISA_WEIGHTS": PLACE, "LISA_WEIGHTS_FOLDER": str(folder), "AWS_ENDPOINT_URL": s3.url}


def test_weights_are_there_when_the_engine_starts_and_signals_reach_it(
    s3: BucketServer, tmp_path: Path
) -> None:
    uploaded(s3)
    process = started(LOADING, COMMAND, environment_of(s3, tmp_path))
    assert process.stdout is not None
    assert process.stdout.readline() == f"{process.pid} --model-id /weights\n"
    assert brought(tmp_path) == FILES
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 7


def test_without_weights_the_engine_starts_at_once() -> None:
    process = started(LOADING, [sys.executable, "-c", "raise SystemExit(3)"], {})
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 3


def test_an_engine_that_streams_starts_without_a_download(s3: BucketServer, tmp_path: Path) -> None:
    uploaded(s3)
    given = {**environment_of(s3, tmp_path), "LISA_ENGINE_STREAMS": "true"}
    process = started(LOADING, [sys.executable, "-c", "pass"], given)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, brought(tmp_path)) == (0, {})
    assert "3 files, the engine reads them itself" in said


def test_an_engine_that_streams_isnt_started_on_torn_weights(
    s3: BucketServer, tmp_path: Path
) -> None:
    uploaded(s3)
    s3.put(second__safetensors=b"short")
    given = {**environment_of(s3, tmp_path), "LISA_ENGINE_STREAMS": "true"}
    process = started(LOADING, [sys.executable, "-c", "print('started')"], given)
    started_engine, _ = process.communicate(timeout=60)
    assert (process.returncode, started_engine) == (65, "")


def test_a_refusal_is_one_line_and_no_engine_starts(s3: BucketServer, tmp_path: Path) -> None:
    s3.change = denied
    process = started(LOADING, COMMAND, environment_of(s3, tmp_path))
    written, said = process.communicate(timeout=60)
    assert process.returncode == 77
    assert written == ""
    assert said == (
        "lisa: s3://weights/model/: no access (AccessDenied): "
        "the task's role must list and get it\n"
    )


@pytest.mark.parametrize(
    ("command", "code"), [([], 64), (["no-such-program"], 127), (["/"], 127)], ids=str
)
def test_a_command_that_isnt_one(command: list[str], code: int) -> None:
    process = started(LOADING, command, {})
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert said.count("\n") == 1


def test_a_download_ends_at_once_when_the_task_is_stopped(s3: BucketServer, tmp_path: Path) -> None:
    def drop(_asked: Asked, answer: Answer) -> Answer:
        return answer if not _asked.range else Answer(503, {}, b"")

    uploaded(s3, manifest=False)
    s3.change = drop
    process = started(LOADING, COMMAND, environment_of(s3, tmp_path))
    until(lambda: bool(s3.ranges()), process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
