"""Schedules of models that LISA runs, by LISA's routes and in a list of all."""

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.hosted import OURS, after

MODEL: dict[str, Any] = {
    "modelId": "ours/llama",
    "hosting": {"engine": "vllm", "weights": {"source": "/weights/llama"}},
}
NINE_TO_FIVE = {"startTime": "09:00", "stopTime": "17:00"}
EVERY_DAY: dict[str, Any] = {"scheduleType": "RECURRING", "recurringSchedule": NINE_TO_FIVE}
ONE_DAY: dict[str, Any] = {
    "scheduleType": "DAILY",
    "timezone": "Europe/Berlin",
    "dailySchedule": {"wednesday": {"startTime": "22:00", "stopTime": "06:30"}},
}
PATH = "/models/ours/llama/schedule"
OFF = {"modelId": "ours/llama", "scheduling": None, "nextScheduledAction": None}


async def test_a_schedule_is_made_shown_changed_and_ended(api: Api) -> None:
    await api.admin.post("/models", json=MODEL)
    assert (await api.alice.get(PATH)).json() == OFF
    made = await api.admin.post(PATH, json=EVERY_DAY)
    assert made.status_code == 200, made.text
    assert {**made.json(), "message": ""} == {
        "message": "",
        "modelId": "ours/llama",
        "scheduleEnabled": True,
    }
    shown = (await api.alice.get(PATH)).json()
    assert shown["scheduling"]["recurringSchedule"] == NINE_TO_FIVE
    assert (shown["scheduling"]["timezone"], shown["scheduling"]["dailySchedule"]) == ("UTC", None)
    assert shown["nextScheduledAction"] == {
        "action": "START",
        "scheduledTime": "2030-01-01T09:00:00Z",  # the clock stands at the midnight before
    }
    await api.admin.put(PATH, json=ONE_DAY)
    shown = (await api.alice.get(PATH)).json()
    days = shown["scheduling"]["dailySchedule"]
    assert {name: hours for name, hours in days.items() if hours} == ONE_DAY["dailySchedule"]
    assert shown["nextScheduledAction"]["scheduledTime"] == "2030-01-02T21:00:00Z"
    model = (await api.admin.get("/models/ours/llama")).json()["model"]
    assert model["scheduling"] == shown["scheduling"]
    ended = await api.admin.delete(PATH)
    assert ended.json()["scheduleEnabled"] is False
    assert (await api.admin.delete(PATH)).status_code == 200
    assert (await api.alice.get(PATH)).json() == OFF


async def test_a_schedule_made_meanwhile_is_told_as_done(api: Api) -> None:
    await api.admin.post("/models", json=MODEL)
    await api.admin.post(PATH, json=EVERY_DAY)
    events = (await api.admin.get("/models/ours/llama/events")).json()["events"]
    assert [(each["step"], each["phase"], each["workflow"]) for each in events] == [
        ("create", "begun", "create_model"),
        ("schedule", "done", ""),
    ]


async def test_how_it_stands_with_a_schedule_is_told_in_lisas_words(api: Api) -> None:
    await api.admin.post("/models", json=MODEL)
    off = (await api.alice.get(f"{PATH}/status")).json()
    assert (off["scheduleStatus"], off["scheduleEnabled"], off["timezone"]) == (
        "DISABLED",
        False,
        None,
    )
    await api.admin.post(PATH, json=ONE_DAY)
    on = (await api.alice.get(f"{PATH}/status")).json()
    assert (on["scheduleStatus"], on["scheduleType"]) == ("ACTIVE", "DAILY")
    assert (on["scheduleConfigured"], on["lastScheduleFailed"]) == (True, False)
    assert (on["timezone"], on["nextScheduledAction"]["action"]) == ("Europe/Berlin", "START")
    assert on["lastScheduleUpdate"] == "2030-01-01T00:00:00Z"
    assert on["lastScheduleFailure"] is None


async def test_how_often_a_planned_act_was_tried_again_is_told(api: Api) -> None:
    await api.admin.post("/models", json={**OURS, "modelId": "wrong-name"})
    assert (await after(api, "/models/wrong-name"))["status"] == "Failed"
    await api.admin.post("/models/wrong-name/schedule", json=EVERY_DAY)
    for retries in (0, 1, 2, 2):
        await api.stage.watching.look()
        told = (await api.admin.get("/models/wrong-name/schedule/status")).json()
        assert told["lastScheduleFailure"]["error"].startswith("STOP: ")
        assert told["lastScheduleFailure"]["retryCount"] == retries


async def test_all_schedules_of_models_one_may_see_are_listed(api: Api) -> None:
    await api.admin.post("/models", json=MODEL)
    await api.admin.post("/models", json={**MODEL, "modelId": "plan", "allowedGroups": ["few"]})
    await api.admin.post("/models", json={**MODEL, "modelId": "unplanned"})
    for path in (PATH, "/models/plan/schedule"):
        await api.admin.post(path, json=EVERY_DAY)
    listed = (await api.admin.get("/models/metadata/schedules")).json()["schedules"]
    assert [each["modelId"] for each in listed] == ["ours/llama", "plan"]
    assert (listed[0]["status"], listed[0]["error"]) == ("Creating", "")
    assert listed[0]["nextScheduledAction"]["action"] == "START"
    listed = (await api.alice.get("/models/metadata/schedules")).json()["schedules"]
    assert [each["modelId"] for each in listed] == ["ours/llama"]


async def test_a_schedule_can_come_with_a_model_as_in_lisa(api: Api) -> None:
    wanted = {
        "modelId": "ours/llama",
        "modelName": "meta/llama",
        "inferenceContainer": "vllm",
        "instanceType": "g5.xlarge",
        "containerConfig": {},
        "loadBalancerConfig": {},
        "autoScalingConfig": {"minCapacity": 1, "maxCapacity": 1, "scheduling": ONE_DAY},
    }
    made = await api.admin.post("/models", json=wanted)
    assert made.json()["model"]["scheduling"]["timezone"] == "Europe/Berlin", made.text


async def test_one_who_may_not_see_a_model_finds_no_schedule_of_it(api: Api) -> None:
    await api.admin.post("/models", json={**MODEL, "allowedGroups": ["few"]})
    await api.admin.post(PATH, json=EVERY_DAY)
    for path in (PATH, f"{PATH}/status"):
        hidden = await api.alice.get(path)
        assert (hidden.status_code, hidden.json()["error"]["code"]) == (404, "model_not_found")
    for missing in ("/models/nowhere/schedule", "/models/nowhere/schedule/status"):
        assert (await api.admin.get(missing)).status_code == 404
    assert (await api.admin.post("/models/nowhere/schedule", json=EVERY_DAY)).status_code == 404
    assert (await api.alice.post(PATH, json=EVERY_DAY)).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"recurringSchedule": {"startTime": "09:00", "stopTime": "10:59"}},
        {"recurringSchedule": {"startTime": "9:00", "stopTime": "17:00"}},
        {"recurringSchedule": {"startTime": "24:00", "stopTime": "17:00"}},
        {"recurringSchedule": None},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"scheduleType": "DAILY"},
        {"scheduleType": "DAILY", "dailySchedule": {}},
        {"scheduleType": "WEEKLY"},
    ],
)
async def test_hours_that_cannot_be_are_refused(api: Api, wrong: dict[str, Any]) -> None:
    await api.admin.post("/models", json=MODEL)
    refused = await api.admin.post(PATH, json={**EVERY_DAY, **wrong})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "malformed")
    assert (await api.admin.get(PATH)).json() == OFF


async def test_only_models_that_lisa_runs_have_schedules(api: Api) -> None:
    await api.admin.post("/models", json={"modelId": "plain", "modelName": "bedrock/claude"})
    refused = await api.admin.post("/models/plain/schedule", json=EVERY_DAY)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "not_hosted")
    shown = await api.admin.get("/models/plain/schedule")
    assert shown.json()["scheduling"] is None
