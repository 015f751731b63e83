"""What is asked of a model that LISA runs, in our words and in LISA's, and what is refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from lisa.domain.hosting import HealthCheck
from tests.api.conftest import Api
from tests.api.hosted import LISAS, OURS, after, made, put
from tests.standins.model_server.server import model_server


@pytest.fixture
def engines_address() -> Iterator[str]:
    with model_server() as server:
        yield server.url


async def test_a_model_is_described_in_lisas_own_words(api: Api) -> None:
    model = await made(api, LISAS)
    assert (model["modelName"], model["streaming"]) == ("meta/llama", False)
    hosting = model["hosting"]
    assert (hosting["engine"], hosting["instanceType"]) == ("vllm", "g5.12xlarge")
    assert (hosting["weights"]["source"], hosting["image"]) == ("meta/llama", "vllm/vllm-openai:v1")
    assert hosting["scaling"] == {
        "minimum": 1,
        "maximum": 2,
        "desired": 1,
        "metric": "requests",
        "target": 20,
        "cooldownSeconds": 420,
        "warmupSeconds": 180,
        "planned": [],
    }
    assert hosting["health"] == {
        "path": "/health",
        "intervalSeconds": 60,
        "timeoutSeconds": 30,
        "healthyAfter": 2,
        "unhealthyAfter": 10,
        "startSeconds": HealthCheck().start_seconds,
    }
    assert (hosting["diskGb"], hosting["sharedMemoryMb"]) == (80, 2048)
    assert hosting["environment"] == {"OMP_NUM_THREADS": "4"}


async def test_variables_that_lisas_containers_pass_on_are_options(api: Api) -> None:
    variables = {
        "MAX_TOTAL_TOKENS": "4096",
        "VLLM_MAX_MODEL_LEN": "4096",
        "VLLM_GPU_MEMORY_UTILIZATION": "0.8",
        "VLLM_ENABLE_PREFIX_CACHING": "true",
        "VLLM_ENABLE_AUTO_TOOL_CHOICE": "true",
        "VLLM_TOOL_CALL_PARSER": "hermes",
        "VLLM_DTYPE": "",
        "OMP_NUM_THREADS": "4",
    }
    wanted = {**LISAS, "containerConfig": {"environment": variables}}
    hosting = (await made(api, wanted))["hosting"]
    assert hosting["environment"] == {"OMP_NUM_THREADS": "4"}
    assert hosting["options"] == {
        "max_model_len": 4096,
        "gpu_memory_utilization": 0.8,
        "enable_prefix_caching": True,
        "tool_call_parser": "hermes",
    }
    removed = "LISA_MARKED_FOR_DELETION"
    changed = {"VLLM_MAX_MODEL_LEN": "2048", "MAX_TOTAL_TOKENS": removed}
    changed |= {"VLLM_TOOL_CALL_PARSER": removed}
    await put(api, {"containerConfig": {"environment": changed}})
    options = (await after(api))["hosting"]["options"]
    assert (options["max_model_len"], "tool_call_parser" in options) == (2048, False)


@pytest.mark.parametrize(
    ("engine", "kind", "variables", "options"),
    [
        (
            "tgi",
            "textgen",
            {"MAX_TOTAL_TOKENS": "4096", "MAX_INPUT_LENGTH": "2048", "QUANTIZE": "awq"},
            {"max_total_tokens": 4096, "max_input_tokens": 2048, "quantize": "awq"},
        ),
        (
            "tei",
            "embedding",
            {"MAX_BATCH_TOKENS": "512", "POOLING": "mean", "AUTO_TRUNCATE": "true"},
            {"max_batch_tokens": 512, "pooling": "mean", "auto_truncate": True},
        ),
    ],
)
async def test_other_engines_variables_are_options_too(
    api: Api, engine: str, kind: str, variables: dict[str, str], options: dict[str, Any]
) -> None:
    wanted = {**LISAS, "inferenceContainer": engine, "modelType": kind}
    wanted |= {"instanceType": "g5.xlarge", "containerConfig": {"environment": variables}}
    answer = await api.admin.post("/models", json=wanted)
    assert answer.status_code == 200, answer.text
    hosting = answer.json()["model"]["hosting"]
    assert (hosting["options"], hosting["environment"]) == (options, {})


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"MAX_TOTAL_TOKENS": "1", "VLLM_MAX_MODEL_LEN": "2"}, "bad_hosting"),
        ({"VLLM_MAX_MODEL_LEN": "many"}, "option_invalid"),
        ({"VLLM_TRUST_REMOTE_CODE": "true"}, "variable_refused"),
        ({"VLLM_ASYNC_SCHEDULING": "true"}, "variable_refused"),
        ({"VLLM_ENABLE_AUTO_TOOL_CHOICE": "true"}, "variable_refused"),
    ],
)
async def test_variables_that_say_nothing_true_are_refused(
    api: Api, variables: dict[str, str], code: str
) -> None:
    wanted = {**LISAS, "containerConfig": {"environment": variables}}
    refused = await api.admin.post("/models", json=wanted)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)


async def test_a_model_is_changed_in_lisas_own_words(api: Api) -> None:
    await made(api, LISAS)
    await put(api, {"autoScalingInstanceConfig": {"minCapacity": 2, "maxCapacity": 4}})
    model = await after(api)
    scaling = model["hosting"]["scaling"]
    assert (scaling["minimum"], scaling["desired"], scaling["maximum"]) == (2, 2, 4)
    assert len(model["upstreams"]) == 2
    environment = {"OMP_NUM_THREADS": "LISA_MARKED_FOR_DELETION", "TZ": "UTC"}
    container = {"environment": environment, "sharedMemorySize": 64, "healthCheckRetries": 5}
    await put(api, {"containerConfig": container})
    hosting = (await after(api))["hosting"]
    assert (hosting["environment"], hosting["sharedMemoryMb"]) == ({"TZ": "UTC"}, 64)
    assert hosting["health"]["unhealthyAfter"] == 5


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"hosting": {"engine": "other"}}, 422, "malformed"),
        ({"hosting": {"engine": "vllm", "unknown": 1}}, 422, "malformed"),
        ({"hosting": {"engine": "vllm"}}, 422, "malformed"),
        ({"hosting": {**OURS["hosting"], "kind": "processes"}}, 400, "no_such_host"),
        (
            {"hosting": {**OURS["hosting"], "options": {"max_model_length": 1}}},
            400,
            "option_unknown",
        ),
        ({"hosting": {**OURS["hosting"], "options": {"port": 80}}}, 400, "option_refused"),
        (
            {"hosting": {**OURS["hosting"], "environment": {"AWS_REGION": "x"}}},
            400,
            "variable_refused",
        ),
        ({"hosting": {**OURS["hosting"], "instanceType": "?"}}, 400, "bad_hosting"),
        ({"modelType": "imagegen"}, 400, "hosting_unfit"),
        ({"apiKey": "key", "modelName": "m"}, 400, "bad_model"),
        ({"upstreams": [{"url": "http://127.0.0.1:1/v1"}]}, 400, "bad_model"),
        ({"instanceType": "g5.xlarge"}, 400, "bad_hosting"),
        ({"modelId": "a/events"}, 400, "bad_model_id"),
        ({"modelId": "a/replicas/b/logs"}, 400, "bad_model_id"),
        ({"fallbacks": ["nowhere"]}, 400, "bad_fallback"),
    ],
)
async def test_what_cannot_run_is_refused_before_anything_begins(
    api: Api, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await api.admin.post("/models", json={**OURS, **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert (await api.admin.get("/models")).json()["models"] == []


@pytest.mark.parametrize(
    "missing", ["autoScalingConfig", "containerConfig", "inferenceContainer", "instanceType"]
)
async def test_some_of_what_lisa_asks_for_is_not_enough(api: Api, missing: str) -> None:
    wanted = {name: value for name, value in LISAS.items() if name != missing}
    refused = await api.admin.post("/models", json=wanted)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_hosting")
    assert missing in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"enabled": False, "hosting": {"gpus": 1}}, 400, "bad_change"),
        ({"enabled": True}, 400, "bad_status"),
        ({"hosting": {"kind": "processes"}}, 400, "other_host"),
        ({"hosting": {"options": {"port": 1}}}, 400, "option_refused"),
        ({"hosting": {"scaling": {"desired": 7}}}, 422, "malformed"),
        ({"autoScalingInstanceConfig": {"desiredCapacity": 7}}, 400, "bad_hosting"),
        ({"containerConfig": {"environment": {"": "x"}}}, 400, "bad_hosting"),
        ({"upstreams": [{"url": "http://127.0.0.1:1/v1"}]}, 409, "hosted"),
        ({"modelType": "imagegen"}, 400, "hosting_unfit"),
        ({"hosting": {"gpus": 1}, "version": 1}, 409, "version_differs"),
        ({"enabled": False, "version": 1}, 409, "version_differs"),
    ],
)
async def test_a_change_that_cannot_be_changes_nothing(
    api: Api, change: dict[str, Any], status: int, code: str
) -> None:
    before = await made(api)
    refused = await api.admin.put("/models/llama", json=change)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert await after(api) == before


async def test_engines_and_known_models_are_told_to_whoever_asks(api: Api) -> None:
    told = (await api.alice.get("/models/metadata/engines")).json()
    engines = {each["name"]: each for each in told["engines"]}
    assert (sorted(engines), told["hosts"]) == (["llama.cpp", "tei", "tgi", "vllm"], ["scripted"])
    assert engines["tei"]["capabilities"] == ["embedding", "rerank"]
    assert engines["vllm"]["options"]["properties"]["max_model_len"]["description"]
    assert "trust_remote_code" in [each["name"] for each in engines["vllm"]["refused"]]
    known = (await api.alice.get("/models/metadata/catalogue")).json()["models"]
    assert {"vllm", "tei"} == {each["engine"] for each in known}
    assert all(each["context"]["source"] for each in known)
