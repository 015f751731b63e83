"""Replicas that are planned by the time of day, asked for and shown."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from lisa.domain.schedules import DAYS
from tests.api.conftest import Api
from tests.api.hosted import OURS, after, made, put
from tests.standins.model_server.server import model_server

DAY: Final = {
    "at": "08:00",
    "days": ["friday", "monday"],
    "timezone": "Europe/Berlin",
    "minimum": 2,
    "maximum": 6,
}
NIGHT: Final = {"at": "20:00", "minimum": 4, "maximum": 4}


@pytest.fixture
def engines_address() -> Iterator[str]:
    with model_server() as server:
        yield server.url


def scaled(*planned: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked for to plan this."""
    return {**OURS["hosting"], "scaling": {"maximum": 3, "planned": planned}}


async def test_a_plan_comes_with_a_model_and_is_shown_whole(api: Api) -> None:
    model = await made(api, {**OURS, "hosting": scaled(DAY, NIGHT)})
    assert model["hosting"]["scaling"]["planned"] == [
        {**DAY, "days": ["monday", "friday"]},
        {**NIGHT, "days": [*DAYS], "timezone": "UTC"},
    ]


async def test_what_is_in_force_is_shown_with_the_replicas(api: Api) -> None:
    await made(api, {**OURS, "hosting": scaled(NIGHT)})
    told = (await api.admin.get("/models/llama/replicas")).json()
    assert (told["minimum"], told["maximum"], told["desired"]) == (4, 4, 4)
    await api.stage.watching.look()
    assert len((await api.admin.get("/models/llama/replicas")).json()["replicas"]) == 4


async def test_a_plan_is_changed_kept_and_taken_away(api: Api) -> None:
    await made(api)
    await put(api, {"hosting": {"scaling": {"maximum": 3, "planned": [NIGHT]}}})
    assert len((await after(api))["hosting"]["scaling"]["planned"]) == 1
    await put(api, {"autoScalingInstanceConfig": {"maxCapacity": 5}})
    scaling = (await after(api))["hosting"]["scaling"]
    assert (scaling["maximum"], len(scaling["planned"])) == (5, 1)
    await put(api, {"hosting": {"scaling": {**scaling, "planned": []}}})
    assert (await after(api))["hosting"]["scaling"] == {**scaling, "planned": []}


async def test_users_see_no_plan(api: Api) -> None:
    await made(api, {**OURS, "hosting": scaled(NIGHT)})
    seen = (await api.alice.get("/models/llama")).json()["model"]
    assert seen["hosting"] is None


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        ([{**DAY, "at": "8"}], "scaling.planned.0.at: Value error, is no time of day like 08:00"),
        ([DAY, {**NIGHT, "days": ["mon"]}], "scaling.planned.1.days: Value error, are no days"),
        ([{**DAY, "days": []}], "scaling.planned.0.days: "),
        ([{**DAY, "timezone": "Mars/Olympus"}], "is no time zone like Europe/Berlin"),
        ([{**DAY, "timezone": "../../etc/passwd"}], "is no time zone like Europe/Berlin"),
        ([{**DAY, "minimum": 7}], "the minimum must not be more than the maximum"),
        ([{**DAY, "maximum": 101}], "scaling.planned.0.maximum: "),
        ([{**DAY, "minimum": 0, "maximum": 0}], "scaling.planned.0.maximum: "),
        ([DAY, DAY], "another one is planned for the moment of 08:00"),
        ([DAY, {**DAY, "at": "07:00", "timezone": "UTC"}], "for the moment of 07:00"),
        ([{**NIGHT, "at": f"{hour:02}:30"} for hour in range(21)], "at most 20"),
    ],
)
async def test_what_cannot_be_planned_is_refused_in_words(
    api: Api, planned: list[dict[str, Any]], words: str
) -> None:
    before = await made(api)
    for answer in (
        await api.admin.put("/models/llama", json={"hosting": {"scaling": {"planned": planned}}}),
        await api.admin.post(
            "/models", json={**OURS, "modelId": "other", "hosting": scaled(*planned)}
        ),
    ):
        told = answer.json()["error"]
        assert (answer.status_code, told["code"]) == (400, "bad_hosting")
        assert words in told["message"]
    assert await after(api) == before


@pytest.mark.parametrize(
    "planned", [[{**DAY, "until": "20:00"}], [{"at": "08:00"}], [{**DAY, "minimum": -1}], "08:00"]
)
async def test_what_is_no_plan_is_refused(api: Api, planned: object) -> None:
    wanted = {"hosting": {**OURS["hosting"], "scaling": {"planned": planned}}}
    refused = await api.admin.post("/models", json={**OURS, **wanted})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "malformed")
