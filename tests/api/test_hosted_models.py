"""Models that LISA runs, over HTTP: from their creation to their end, on a scripted host."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lisa.usecases.lifecycle.all_models import AllModels
from tests.api.conftest import Api
from tests.api.hosted import LISAS, OURS, after, made, put
from tests.standins.model_server.server import model_server


@pytest.fixture
def engines_address() -> Iterator[str]:
    with model_server() as server:
        yield server.url


async def test_a_model_is_created_stopped_changed_started_and_deleted(api: Api) -> None:
    model = await made(api)
    assert (model["status"], model["hostingType"]) == ("InService", "lisa_hosted")
    assert (model["modelName"], len(model["upstreams"])) == ("/weights/llama", 1)
    assert model["hosting"]["kind"] == "scripted"
    assert model["hosting"]["options"] == {"max_model_len": 4096}
    assert (await put(api, {"enabled": False}))["status"] == "Stopping"
    stopped = await after(api)
    assert (stopped["status"], stopped["upstreams"]) == ("Stopped", [])
    change = {"modelDescription": "small", "hosting": {"options": {"max_model_len": 2048}}}
    changed = await put(api, change)
    assert (changed["status"], changed["modelDescription"]) == ("Stopped", "small")
    assert changed["hosting"]["options"] == {"max_model_len": 2048}
    assert changed["hosting"]["scaling"]["maximum"] == 3
    assert (await put(api, {"enabled": True}))["status"] == "Starting"
    assert (await after(api))["status"] == "InService"
    removed = await api.admin.delete("/models/llama")
    assert removed.json()["model"]["status"] == "Deleting"
    await api.stage.go()
    assert (await api.admin.get("/models/llama")).status_code == 404
    timeline = (await api.admin.get("/models/llama/events")).json()
    assert [each["step"] for each in timeline["events"]][-1] == "forget it"
    assert {"create", "stop", "change", "start", "delete"} <= {
        each["step"] for each in timeline["events"]
    }


async def test_a_model_that_serves_is_updating_while_what_it_runs_on_changes(api: Api) -> None:
    await made(api)
    change = {"hosting": {"scaling": {"maximum": 3, "desired": 2}, "idleSeconds": 600}}
    assert (await put(api, change))["status"] == "Updating"
    model = await after(api)
    assert (model["status"], len(model["upstreams"])) == ("InService", 2)
    assert model["hosting"]["idleSeconds"] == 600
    assert model["hosting"]["scaling"]["desired"] == 2
    kept = await put(api, {"hosting": {"idleSeconds": None}, "modelDescription": "stays on"})
    assert (kept["hosting"]["idleSeconds"], kept["modelDescription"]) == (None, "stays on")


async def test_what_changes_nothing_that_runs_begins_no_update(api: Api) -> None:
    before = await made(api)
    same = await put(api, {"hosting": before["hosting"], "modelDescription": "new"})
    assert (same["status"], same["modelDescription"]) == ("InService", "new")
    described = await put(api, {"modelDescription": "newer"})
    assert (described["status"], described["hosting"]) == ("InService", before["hosting"])


async def test_a_model_that_never_answers_failed_and_says_why_and_what_helps(api: Api) -> None:
    await api.admin.post("/models", json={**OURS, "modelId": "of-another-name"})
    model = await after(api, "/models/of-another-name")
    assert (model["status"], model["upstreams"]) == ("Failed", [])
    assert model["reason"].startswith("probe: it doesn't answer")
    assert model["nextStep"]
    left = await api.admin.get("/models/of-another-name/removal")
    assert left.json() == {"things": []}
    await api.admin.delete("/models/of-another-name")
    await api.stage.go()
    assert (await api.admin.get("/models/of-another-name")).status_code == 404


async def test_nothing_but_deleting_is_done_while_something_else_is(api: Api) -> None:
    await api.admin.post("/models", json=OURS)
    for change in ({"enabled": False}, {"enabled": True}, {"hosting": {"gpus": 1}}):
        refused = await api.admin.put("/models/llama", json=change)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_status")
    assert (await put(api, {"modelDescription": "small"}))["status"] == "Creating"
    removed = await api.admin.delete("/models/llama")
    assert removed.json()["model"]["status"] == "Deleting"
    await api.stage.go()
    assert (await api.admin.get("/models/llama")).status_code == 404


async def test_a_repeated_request_with_the_same_key_is_done_once(api: Api) -> None:
    once = {"idempotency-key": "made-up"}
    for _ in range(2):
        created = await api.admin.post("/models", json=OURS, headers=once)
        assert created.json()["model"]["status"] == "Creating"
    await api.stage.go()
    again = await api.admin.post("/models", json=OURS, headers=once)
    assert again.json() == created.json()
    assert (await api.admin.post("/models", json=OURS)).status_code == 409
    await put(api, {"enabled": False}, **once)
    await put(api, {"enabled": False}, **once)
    assert (await after(api))["status"] == "Stopped"
    assert (await put(api, {"enabled": False}, **once))["status"] == "Stopping"
    for key in ("x" * 129, "two words"):
        refused = await api.admin.post("/models", json=OURS, headers={"idempotency-key": key})
        assert refused.status_code == 422


async def test_the_timeline_is_followed_from_where_one_is(api: Api) -> None:
    await api.admin.post("/models", json=OURS)
    first = (await api.admin.get("/models/llama/events")).json()
    [created] = first["events"]
    assert (created["step"], created["phase"], created["status"]) == ("create", "begun", "Creating")
    now = api.clock.now()
    quiet = await api.admin.get("/models/llama/events", params={"after": first["next"], "wait": 20})
    assert (quiet.json(), (api.clock.now() - now).seconds) == ({"events": [], "next": 1}, 20)
    await api.stage.go()
    page = await api.admin.get("/models/llama/events", params={"after": 1, "limit": 2})
    assert page.json()["next"] == page.json()["events"][-1]["sequence"] == 3
    last = (await api.admin.get("/models/llama/events", params={"after": 1})).json()["events"][-1]
    assert (last["step"], last["status"]) == ("put in service", "InService")
    assert (await api.admin.get("/models/nowhere/events")).status_code == 404


async def test_replicas_are_shown_as_they_were_seen_last(api: Api) -> None:
    await made(api)
    path = "/models/llama/replicas"
    unseen = (await api.admin.get(path)).json()
    assert (unseen["state"], unseen["told"], unseen["replicas"]) == ("unknown", None, [])
    assert (unseen["minimum"], unseen["desired"], unseen["maximum"]) == (1, 1, 3)
    await api.stage.watching.look()
    seen = (await api.admin.get(path)).json()
    [replica] = seen["replicas"]
    assert (seen["state"], replica["healthy"], seen["underWay"]) == ("ready", True, 0)
    logs = await api.admin.get(f"{path}/{replica['id']}/logs")
    assert logs.json()["lines"][0].startswith("scripted:")
    last = await api.admin.get(f"{path}/{replica['id']}/logs", params={"backward": True})
    assert last.json() == {**logs.json(), "earlierCursor": ""}
    assert (await api.admin.get(f"{path}/a%2Fb/logs")).status_code in {404, 422}
    removal = await api.admin.get("/models/llama/removal")
    assert removal.json() == {"things": ["scripted: llama"]}


async def test_a_user_sees_the_status_and_its_reason_and_not_what_it_runs_on(api: Api) -> None:
    await made(api)
    shown = (await api.alice.get("/models/llama")).json()["model"]
    assert (shown["status"], shown["hostingType"]) == ("InService", "lisa_hosted")
    assert (shown["hosting"], shown["run"], shown["nextStep"]) == (None, "", "")
    assert (shown["upstreams"], shown["modelName"]) == ([], "llama")


async def test_a_model_of_elsewhere_has_no_replicas_and_no_hosting(api: Api) -> None:
    plain = {"modelId": "plain", "modelName": "bedrock/claude"}
    model = (await api.admin.post("/models", json=plain)).json()["model"]
    assert (model["hosting"], model["scheduling"]) == (None, None)
    for what in ("replicas", "replicas/a/logs", "removal"):
        refused = await api.admin.get(f"/models/plain/{what}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "not_hosted")
    refused = await api.admin.put("/models/plain", json={"hosting": {"gpus": 1}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "not_hosted")


async def test_a_model_that_is_not_there_yet_cannot_be_tried(api: Api) -> None:
    wanted = {**LISAS, "modelId": "m"}
    refused = await api.admin.post("/models/test", json=wanted)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "not_testable")
    await api.admin.post("/models", json=OURS)
    tried = (await api.admin.post("/models/test", json={"modelId": "llama"})).json()
    assert tried == {"ok": False, "results": []}


async def test_a_door_without_hosts_says_so_and_serves_all_else(api: Api) -> None:
    await made(api)
    former = api.services.models
    assert former
    looking = replace(former.looking, hosts={})
    without = replace(former, all_models=AllModels(former.models), looking=looking)
    api.app.state.services = replace(api.services, models=without)
    refusals = [
        await api.admin.post("/models", json={**OURS, "modelId": "other"}),
        await api.admin.put("/models/llama", json={"enabled": False}),
        await api.admin.put("/models/llama", json={"hosting": {"gpus": 1}}),
        await api.admin.delete("/models/llama"),
        await api.admin.delete("/models/llama/schedule"),
        await api.admin.get("/models/llama/removal"),
    ]
    told = {(each.status_code, each.json()["error"]["code"]) for each in refusals}
    assert told == {(400, "no_such_host")}
    assert (await api.admin.get("/models/llama/replicas")).status_code == 200
    assert (await put(api, {"modelDescription": "small"}))["modelDescription"] == "small"
