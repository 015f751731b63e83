"""Models over HTTP: LISA's shapes and ours in one, and what each caller is shown."""

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.standins.model_server.server import error, model_server

LISAS: dict[str, Any] = {
    "modelId": "claude",
    "modelName": "bedrock/anthropic.claude-sonnet-4",
    "modelDescription": "Writes well.",
    "modelType": "textgen",
    "streaming": True,
    "features": [{"name": "toolCalls", "overview": ""}],
    "allowedGroups": ["research"],
    "hostingType": "third_party",
    "containerConfig": None,
    "guardrailsConfig": {},
    "lisaHostedModel": False,
}
OURS: dict[str, Any] = {
    "modelId": "meta/llama:8b",
    "modelType": "textgen",
    "upstreams": [
        {"id": "a", "url": "http://127.0.0.1:1/v1", "weight": 3, "key": "env:SOME_KEY"},
        {"id": "b", "url": "http://127.0.0.1:2/v1", "target": "llama"},
    ],
    "limits": {"requestsPerMinute": 60, "budgetUsdPerDay": 2.5},
    "prices": {"prompt": 0.15, "completion": 0.6, "cachedPrompt": 0.01, "source": "us"},
    "timeouts": {"firstByte": 30},
    "contextWindow": 8192,
    "maxTokens": 1024,
    "cacheSeconds": 60,
}


async def test_a_lisa_client_makes_reads_lists_and_removes_a_model(api: Api) -> None:
    made = await api.admin.post("/models", json=LISAS)
    assert made.status_code == 200, made.text
    model = made.json()["model"]
    sent = {name: value for name, value in LISAS.items() if name in model}
    assert {name: model[name] for name in sent} == sent
    assert (model["status"], model["modelUrl"], model["contextWindow"]) == ("InService", None, None)
    assert (await api.admin.get("/models/claude")).json()["model"] == model
    assert (await api.admin.get("/models")).json() == {"models": [model], "nextCursor": ""}
    removed = await api.admin.delete("/models/claude")
    assert removed.json()["model"]["status"] == "Deleting"
    assert (await api.admin.get("/models/claude")).status_code == 404
    assert (await api.admin.delete("/models/claude")).status_code == 404


async def test_our_own_fields_come_back_as_they_were_sent(api: Api) -> None:
    made = await api.admin.post("/models", json=OURS)
    model = made.json()["model"]
    assert model["modelId"] == "meta/llama:8b"
    assert (model["limits"]["requestsPerMinute"], model["limits"]["tokensPerDay"]) == (60, None)
    assert model["prices"]["cachedPrompt"] == 0.01
    assert (model["timeouts"]["firstByte"], model["timeouts"]["connect"]) == (30, 5)
    assert [each["weight"] for each in model["upstreams"]] == [3, 1]
    assert model["upstreams"][0]["key"] == "env:SOME_KEY"
    assert (model["contextWindow"], model["maxTokens"], model["cacheSeconds"]) == (8192, 1024, 60)
    for path in ("/models/meta/llama:8b", "/models/meta%2Fllama%3A8b"):
        assert (await api.admin.get(path)).json()["model"] == model


async def test_an_id_is_taken_once(api: Api) -> None:
    await api.admin.post("/models", json=LISAS)
    again = await api.admin.post("/models", json=LISAS)
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "model_exists"


@pytest.mark.parametrize(
    ("name", "more", "kind", "target"),
    [
        ("llama", {"modelUrl": "http://127.0.0.1:1/v1"}, "openai", "llama"),
        ("openai/gpt-4o", {}, "litellm", "openai/gpt-4o"),
        (
            "openai/hosted_vllm/meta/llama",
            {"modelUrl": "http://x.elb.amazonaws.com/v1", "hostingType": "internal_hosted"},
            "openai",
            "meta/llama",
        ),
    ],
)
async def test_where_a_model_answers_follows_from_its_name_as_in_lisa(
    api: Api, name: str, more: dict[str, str], kind: str, target: str
) -> None:
    made = await api.admin.post("/models", json={"modelId": "m", "modelName": name, **more})
    model = made.json()["model"]
    [upstream] = model["upstreams"]
    assert (upstream["kind"], upstream["target"]) == (kind, target)
    assert upstream["url"] == more.get("modelUrl", "")
    assert model["hostingType"] == more.get("hostingType", "third_party")
    assert model["streaming"] is False


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"modelName": "llama"}, 400, "no_url"),
        ({"modelName": ""}, 422, "malformed"),
        ({"modelName": None}, 422, "malformed"),
        ({"modelId": ""}, 422, "malformed"),
        ({"modelType": "other"}, 422, "malformed"),
        ({"modelType": "embedding"}, 400, "bad_model"),
        ({"modelUrl": "ftp://somewhere"}, 400, "bad_model"),
        ({"modelUrl": "http://user:secret@somewhere"}, 400, "bad_model"),
        ({"modelUrl": "http://169.254.169.254/"}, 400, "address_refused"),
        ({"modelId": "metadata/instances"}, 400, "bad_model_id"),
        ({"upstreams": OURS["upstreams"]}, 422, "malformed"),
        ({"apiKey": "two words"}, 422, "malformed"),
        ({"hostingType": "lisa_hosted"}, 400, "bad_hosting"),
        ({"containerConfig": {"image": {}}}, 400, "bad_hosting"),
        ({"autoScalingConfig": {"minCapacity": 1}}, 400, "bad_hosting"),
        ({"instanceType": "g5.xlarge"}, 400, "bad_hosting"),
        ({"inferenceContainer": "vllm"}, 400, "bad_hosting"),
        ({"loadBalancerConfig": {"healthCheckConfig": {"path": "/"}}}, 400, "bad_hosting"),
        ({"guardrailsConfig": {"g": {}}}, 400, "not_yet"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_reason_and_no_value(
    api: Api, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await api.admin.post("/models", json={**LISAS, **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert "secret" not in answer.text
    assert (await api.admin.get("/models")).json()["models"] == []


async def test_a_key_is_nowhere_to_be_read_again(api: Api) -> None:
    keys = ["first-made-up-key", "second-made-up-key"]
    made = await api.admin.post("/models", json={**LISAS, "apiKey": keys[0]})
    upstream = {"url": "http://127.0.0.1:1/v1", "apiKey": keys[1]}
    changed = await api.admin.put("/models/claude", json={"upstreams": [upstream]})
    listed = await api.admin.get("/models")
    audit = await api.admin.get("/audit", params={"limit": 100})
    for answer in (made, changed, listed, audit):
        assert answer.status_code == 200
        assert not [key for key in keys if key in answer.text]
    references = [each.json()["model"]["upstreams"][0]["key"] for each in (made, changed)]
    assert len({*references}) == 2


async def test_a_user_sees_what_a_model_can_and_not_where_it_is(api: Api) -> None:
    await api.admin.post("/models", json={**LISAS, "allowedGroups": []})
    await api.admin.post("/models", json={**OURS, "allowedGroups": ["research"]})
    listed = (await api.alice.get("/models")).json()["models"]
    assert [each["modelId"] for each in listed] == ["claude"]
    [model] = listed
    assert (model["upstreams"], model["createdBy"], model["modelName"]) == ([], "", "claude")
    assert model["features"] == LISAS["features"]
    assert (await api.alice.get("/models/meta/llama:8b")).status_code == 404


async def test_models_come_in_pages_where_pages_are_asked_for(api: Api) -> None:
    for number in range(5):
        await api.admin.post("/models", json={**LISAS, "modelId": f"m{number}"})
    first = await api.admin.get("/models", params={"limit": 2})
    assert [each["modelId"] for each in first.json()["models"]] == ["m0", "m1"]
    assert 'rel="next"' in first.headers["link"]
    rest = {"limit": 100, "cursor": first.json()["nextCursor"]}
    last = await api.admin.get("/models", params=rest)
    assert [each["modelId"] for each in last.json()["models"]] == ["m2", "m3", "m4"]
    assert (last.json()["nextCursor"], "link" in last.headers) == ("", False)
    assert len((await api.admin.get("/models")).json()["models"]) == 5


async def test_a_change_shows_the_model_as_it_is_then(api: Api) -> None:
    await api.admin.post("/models", json=LISAS)
    changes: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"modelDescription": "new", "contextWindow": None}, {"modelDescription": "new"}),
        ({"allowedGroups": [], "features": None}, {"allowedGroups": []}),
        ({"prices": {"prompt": 1}, "maxTokens": 5}, {"maxTokens": 5}),
        ({"prices": None}, {"prices": None, "maxTokens": 5}),
        ({"enabled": False}, {"status": "Stopped"}),
        ({"enabled": True, "version": 6}, {"status": "InService", "version": 7}),
    ]
    for number, (change, shown) in enumerate(changes, start=2):
        answer = await api.admin.put("/models/claude", json=change)
        assert answer.status_code == 200, answer.text
        model = answer.json()["model"]
        assert {name: model[name] for name in shown} == shown
        assert model["version"] == number
    assert model["features"] == LISAS["features"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 422),
        ({"version": 1}, 422),
        ({"modelDescription": None}, 422),
        ({"upstreams": []}, 422),
        ({"contextWindow": 0}, 422),
        ({"enabled": True}, 400),
        ({"modelType": "embedding"}, 400),
        ({"fallbacks": ["nowhere"]}, 400),
        ({"autoScalingInstanceConfig": {"minCapacity": 1}}, 400),
        ({"modelDescription": "new", "version": 9}, 409),
    ],
)
async def test_a_change_that_cannot_be_changes_nothing(
    api: Api, change: dict[str, Any], status: int
) -> None:
    made = (await api.admin.post("/models", json=LISAS)).json()["model"]
    assert (await api.admin.put("/models/claude", json=change)).status_code == status
    assert (await api.admin.get("/models/claude")).json()["model"] == made


async def test_the_context_window_has_a_path_of_its_own_also_under_an_id_with_slashes(
    api: Api,
) -> None:
    await api.admin.post("/models", json=OURS)
    path = "/models/meta/llama:8b/context-window"
    changed = await api.admin.put(path, json={"contextWindow": 4096})
    assert changed.json()["model"]["contextWindow"] == 4096
    assert (await api.admin.put(path, json={"contextWindow": 0})).status_code == 422
    nowhere = await api.admin.put("/models/no/context-window", json={"contextWindow": 1})
    assert nowhere.status_code == 404


async def test_a_connection_is_tried_before_and_after_a_model_is_saved(api: Api) -> None:
    with model_server() as server:
        wanted = {"modelId": "m", "modelName": "llama", "modelUrl": server.url, "apiKey": "key"}
        before = await api.admin.post("/models/test", json=wanted)
        assert before.json()["ok"], before.text
        assert (await api.admin.get("/models")).json()["models"] == []
        await api.admin.post("/models", json=wanted)
        saved = await api.admin.post("/models/test", json={"modelId": "m"})
        assert saved.json()["ok"]
        server.answering = lambda _: error(401, "no")
        refused = (await api.admin.post("/models/test", json={"modelId": "m"})).json()
    assert {each.headers["authorization"] for each in server.asked} == {"Bearer key"}
    [result] = refused["results"]
    assert (refused["ok"], result["upstream"], result["cause"]) == (False, "main", "key")
    assert result["nextStep"]
    missing = await api.admin.post("/models/test", json={"modelId": "nowhere"})
    assert missing.status_code == 404


async def test_instance_types_are_a_list_of_names(api: Api) -> None:
    names = (await api.alice.get("/models/metadata/instances")).json()
    assert {"g5.xlarge", "p4d.24xlarge", "m5.large"} <= {*names}
