"""The images say of their engines what `lisa.declared` says of them."""

import re
from pathlib import Path

import pytest

from containers.engines.loading import waiting_calls
from lisa.declared import model_stack
from lisa.declared.engine_options.engine import Engine
from lisa.declared.engines import ENGINES
from lisa.domain.hosting import EngineName

ROOT = Path(__file__).parents[3]
FOLDERS = {name: name.value.replace(".", "_") for name in EngineName}


def dockerfile(engine: Engine) -> str:
    return (ROOT / "containers/engines" / FOLDERS[engine.name] / "Dockerfile").read_text()


def variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"^(?:ENV|   ) ?(\w+)=(\S+)", text, re.MULTILINE))


@pytest.fixture(params=list(ENGINES.values()), ids=[FOLDERS[name] for name in ENGINES])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.param
    return found


def test_an_image_is_made_from_the_engines_own_by_its_declared_tag(engine: Engine) -> None:
    text = dockerfile(engine)
    assert f"\nARG TAG={engine.tag}\n" in text
    assert re.findall(r"^FROM (\S+)$", text, re.MULTILINE) == [
        f"${{REGISTRY}}{engine.image}:${{TAG}}"
    ]
    assert "\nARG REGISTRY=\n" in text


def test_an_image_knows_its_engines_port_metrics_and_health(engine: Engine) -> None:
    text = dockerfile(engine)
    told = variables(text)
    assert f"\nEXPOSE {engine.port}\n" in text
    assert told["LISA_ENGINE_METRICS"] == f"http://127.0.0.1:{engine.port}{engine.metrics}"
    assert told["LISA_ENGINE_WAITING"] == engine.waiting
    assert f"http://127.0.0.1:{engine.port}{engine.health}'" in text


def test_only_engines_that_read_s3_are_left_to_it(engine: Engine) -> None:
    streams = variables(dockerfile(engine)).get("LISA_ENGINE_STREAMS") == "true"
    assert streams == bool(engine.s3_formats)


def test_only_the_engine_that_needs_root_has_it(engine: Engine) -> None:
    users = re.findall(r"^USER (\S+)$", dockerfile(engine), re.MULTILINE)
    assert users[-1] == ("0" if engine.name is EngineName.TGI else "10001")


def test_what_an_image_copies_is_there(engine: Engine) -> None:
    copied = re.findall(r"^COPY ([^-]\S*) ", dockerfile(engine), re.MULTILINE)
    assert copied
    assert [each for each in copied if not (ROOT / each).exists()] == []


def test_the_metric_is_the_one_that_models_are_scaled_by() -> None:
    assert waiting_calls.METRIC == model_stack.WAITING_METRIC
