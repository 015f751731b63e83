"""Models of the scripted host in a whole LISA: none runs, and each answers that it is a demo."""

from pathlib import Path

from tests.local.living import living_in, until


def test_a_scripted_model_answers_as_a_demo_and_outlives_its_worker(
    home: Path, command_environ: dict[str, str], tmp_path: Path
) -> None:
    environ = {**command_environ, "LISA_MODEL_HOSTS": '["scripted"]'}
    with living_in(home, environ, tmp_path) as living:
        living.create("demo", weights={"source": "/weights/none"})
        [first] = living.becomes("demo", "InService")["upstreams"]
        assert "scripted demo" in living.says("demo")
        worker = living.lisa.child("local.worker")
        assert worker
        worker.kill()
        until(lambda: living.model("demo")["upstreams"] != [first])
        assert "scripted demo" in living.says("demo")
        living.http.delete("/api/models/demo")
        living.becomes("demo", "gone")
