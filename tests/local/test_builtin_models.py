"""The built-in models run beside LISA, for LISA alone."""

import stat
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from local.builtin.handover import CACHE as CACHE_FOLDER
from local.builtin.handover import SECRET, SOCKET, URL
from local.builtin_models import built_in_models
from local.builtin_process import CACHE
from tests.local.supervised import Local


@pytest.fixture(scope="module")
def lisa(shared_home: Path, command_environ: dict[str, str]) -> Iterator[Local]:
    lisa = Local(shared_home, command_environ)
    lisa.up()
    yield lisa
    lisa.end()


def process_of(lisa: Local) -> psutil.Process:
    while not (child := lisa.child("local.builtin")):
        time.sleep(0.05)
    return child


def ask(lisa: Local) -> list[httpx.Response]:
    """Ask each of the models that the app knows of, with the key that it names."""
    app = lisa.child("local.app")
    assert app is not None
    answers = []
    for model in built_in_models(app.environ()):
        (upstream,) = model.upstreams
        secret = app.environ()[(upstream.key or "").removeprefix("env:")]
        path = "embeddings" if model.type == "embedding" else "chat/completions"
        content = {"messages": [{"role": "user", "content": "Hello"}], "input": "Hello"}
        answers.append(
            httpx.post(
                f"{upstream.url}/{path}",
                json={"model": model.id, **content},
                headers={"authorization": f"Bearer {secret}"},
                timeout=60,
            )
        )
    return answers


def test_they_answer_the_app_and_keep_one_file_and_know_no_other_secret(lisa: Local) -> None:
    assert [answer.status_code for answer in ask(lisa)] == [200, 200]
    (graph,) = (lisa.home / CACHE).iterdir()
    assert graph.suffix == ".onnx"
    assert stat.S_IMODE(graph.parent.stat().st_mode) & 0o066 == 0
    given = {name for name in process_of(lisa).environ() if name != "LC_CTYPE"}  # Python sets it
    assert given == {"PYTHONPATH", "PYTHONSAFEPATH", CACHE_FOLDER, SECRET, SOCKET, URL}


def test_killed_they_are_started_again_at_the_same_address(lisa: Local) -> None:
    before = process_of(lisa)
    before.kill()
    before.wait()
    assert [answer.status_code for answer in ask(lisa)] == [200, 200]
    assert process_of(lisa).pid != before.pid


def test_they_are_none_where_the_supervisor_runs_none() -> None:
    assert built_in_models({}) == ()
