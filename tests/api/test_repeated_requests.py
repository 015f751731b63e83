"""Requests about models that come twice with the same key: whoever runs the model, done once."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.conftest import Api
from tests.api.hosted import OURS, after, made

ONCE = {"idempotency-key": "the-first"}
ELSEWHERE: dict[str, Any] = {
    "modelId": "plain",
    "modelName": "openai/gpt",
    "apiKey": "made-up-key-of-a-provider",
}
HOURS = {
    "scheduleType": "RECURRING",
    "recurringSchedule": {"startTime": "08:00", "stopTime": "18:00"},
}


async def refused_as_reused(answer: httpx.Response) -> None:
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "key_reused"


async def test_a_model_of_elsewhere_is_made_changed_and_removed_once(api: Api) -> None:
    first = await api.admin.post("/models", json=ELSEWHERE, headers=ONCE)
    again = await api.admin.post("/models", json=ELSEWHERE, headers=ONCE)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    change = {"modelDescription": "new", "version": 1}
    changes = [await api.admin.put("/models/plain", json=change, headers=ONCE) for _ in range(2)]
    assert changes[0].json() == changes[1].json()
    assert changes[1].json()["model"]["version"] == 2
    ends = [await api.admin.delete("/models/plain", headers=ONCE) for _ in range(2)]
    assert [each.status_code for each in ends] == [200, 200]
    assert ends[0].json() == ends[1].json()
    assert ends[1].json()["model"]["status"] == "Deleting"
    assert (await api.admin.delete("/models/plain")).status_code == 404


async def test_what_is_asked_twice_at_the_same_time_is_done_once(api: Api) -> None:
    asked = (api.admin.post("/models", json=ELSEWHERE, headers=ONCE) for _ in range(4))
    answers = await asyncio.gather(*asked)
    assert {each.status_code for each in answers} == {200}
    assert len({each.text for each in answers}) == 1
    change = {"modelDescription": "new"}
    puts = (api.admin.put("/models/plain", json=change, headers=ONCE) for _ in range(4))
    assert {each.json()["model"]["version"] for each in await asyncio.gather(*puts)} == {2}


async def test_a_model_that_was_switched_off_is_not_refused_the_second_time(api: Api) -> None:
    await api.admin.post("/models", json=ELSEWHERE)
    for _ in range(2):
        off = await api.admin.put("/models/plain", json={"enabled": False}, headers=ONCE)
        assert (off.status_code, off.json()["model"]["status"]) == (200, "Stopped")


@pytest.mark.parametrize("wanted", [ELSEWHERE, OURS])
async def test_a_key_that_comes_with_another_request_is_refused(
    api: Api, wanted: dict[str, Any]
) -> None:
    await api.admin.post("/models", json=wanted, headers=ONCE)
    other = {**wanted, "modelDescription": "another"}
    await refused_as_reused(await api.admin.post("/models", json=other, headers=ONCE))
    path = f"/models/{wanted['modelId']}"
    await api.admin.put(path, json={"modelDescription": "a"}, headers=ONCE)
    changed = await api.admin.put(path, json={"modelDescription": "b"}, headers=ONCE)
    await refused_as_reused(changed)
    assert (await api.admin.get(path)).json()["model"]["modelDescription"] == "a"


async def test_a_key_is_each_caller_s_own_and_opens_nothing(api: Api) -> None:
    await api.admin.post("/models", json=ELSEWHERE, headers=ONCE)
    refused = await api.alice.post("/models", json=ELSEWHERE, headers=ONCE)
    assert refused.status_code == 403


async def test_what_was_refused_is_not_remembered(api: Api) -> None:
    change = {"modelDescription": "new"}
    missing = await api.admin.put("/models/plain", json=change, headers=ONCE)
    assert missing.status_code == 404
    await api.admin.post("/models", json=ELSEWHERE)
    assert (await api.admin.put("/models/plain", json=change, headers=ONCE)).status_code == 200


async def test_a_model_that_is_gone_is_deleted_again_as_at_first(api: Api) -> None:
    await made(api)
    first = await api.admin.delete("/models/llama", headers=ONCE)
    await api.stage.go()
    assert (await api.admin.get("/models/llama")).status_code == 404
    again = await api.admin.delete("/models/llama", headers=ONCE)
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await api.admin.delete("/models/llama")).status_code == 404


async def test_a_model_that_was_changed_at_rest_with_a_version_is_changed_once(api: Api) -> None:
    await made(api)
    await api.admin.put("/models/llama", json={"enabled": False})
    version = (await after(api))["version"]
    change = {"hosting": {"gpus": 1}, "version": version}
    answers = [await api.admin.put("/models/llama", json=change, headers=ONCE) for _ in range(2)]
    assert [each.json()["model"]["version"] for each in answers] == [version + 1] * 2


async def test_a_schedule_and_a_context_window_are_set_once(api: Api) -> None:
    before = await made(api)
    for _ in range(2):
        for path, body in (("schedule", HOURS), ("context-window", {"contextWindow": 99})):
            put = await api.admin.put(f"/models/llama/{path}", json=body, headers=ONCE)
            assert put.status_code == 200
    assert (await after(api))["version"] == before["version"] + 2
