"""Usage over HTTP: one's own for everybody, all for administrators, as pages and as files."""

import csv
import io
import json
from datetime import timedelta

import pytest

from lisa.adapters.memory.clock import START
from lisa.domain.usage import Call, Counts
from lisa.ports.journal import Batch
from lisa.stores.usage.batches import UsageBatches
from tests.api.conftest import Api

TODAY = {"from": "2030-01-01T00:00:00Z", "to": "2030-01-02T00:00:00Z"}


def call(number: int, subject: str, model: str = "m") -> Call:
    return Call(
        id=f"call_{number}",
        at=START + timedelta(minutes=number * 20),
        subject=subject,
        groups=frozenset({"research"}),
        token_id=f"token_{subject}",
        model=model,
        endpoint="chat",
        status=200 if number % 5 else 503,
        counts=Counts(prompt=10, completion=5),
        cost=0.001,
        first_byte_ms=50,
        total_ms=500,
    )


@pytest.fixture
async def used(api: Api) -> Api:
    """Let alice call twice as often as bob, over ten hours."""
    assert api.services.usage
    store = UsageBatches(api.services.usage.usages.sums.tables)
    calls = tuple(
        call(n, "bob" if n % 3 == 0 else "alice", "=m" if n % 3 == 0 else "m") for n in range(30)
    )
    await store.add(Batch("b", calls))
    api.clock.advance(86_399)
    return api


async def test_everybody_sees_their_own_sums(used: Api) -> None:
    answer = (await used.alice.get("/usage", params=TODAY)).json()

    [line] = answer["items"]
    assert (line["name"], line["requests"], line["errors"]) == ("m", 20, 4)
    assert (line["prompt_tokens"], line["cost"]) == (200, pytest.approx(0.02))
    assert line["total_ms"]["mean"] == 500
    assert 200 < line["total_ms"]["p50"] < line["total_ms"]["p95"] <= 500
    assert {name: line[name] for name in answer["total"]} == answer["total"]
    assert (await used.alice.get("/usage", params=TODAY | {"subject": "bob"})).status_code == 403


async def test_administrators_see_all_and_can_tell_apart(used: Api) -> None:
    everything = (await used.admin.get("/usage", params=TODAY)).json()
    assert [line["name"] for line in everything["items"]] == ["=m", "m"]
    people = (await used.admin.get("/usage", params=TODAY | {"by": "subject"})).json()
    assert [(line["name"], line["requests"]) for line in people["items"]] == [
        ("alice", 20),
        ("bob", 10),
    ]
    wanted = TODAY | {"by": "token", "subject": "bob"}
    tokens = (await used.admin.get("/usage", params=wanted)).json()
    assert [line["name"] for line in tokens["items"]] == ["token_bob"]
    assert everything["total"]["requests"] == 30


async def test_hours_come_in_pages_or_as_one_line(used: Api) -> None:
    wanted = TODAY | {"bucket": "hour", "limit": "4"}
    starts, cursor = [], ""
    for _ in range(3):
        page = (await used.alice.get("/usage", params=wanted | {"cursor": cursor})).json()
        starts += [line["start"] for line in page["items"]]
        assert page["total"]["requests"] == 20
        cursor = page["next_cursor"]
    assert starts == [f"2030-01-01T{hour:02}:00:00Z" for hour in range(10)]
    assert not cursor
    whole = (await used.alice.get("/usage", params=wanted | {"whole": "true"})).json()
    assert [line["requests"] for line in whole["items"]] == [20]


async def test_calls_are_listed_newest_first_in_pages(used: Api) -> None:
    found, cursor = [], ""
    while True:
        params = TODAY | {"limit": "7", "cursor": cursor}
        page = (await used.alice.get("/usage/calls", params=params)).json()
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert found == [f"call_{n}" for n in reversed(range(30)) if n % 3]
    only = (await used.admin.get("/usage/calls", params=TODAY | {"model": "=m"})).json()
    assert {each["subject"] for each in only["items"]} == {"bob"}
    theirs = await used.bob.get("/usage/calls", params=TODAY | {"subject": "alice"})
    assert theirs.status_code == 403


async def test_calls_are_downloaded_as_files(used: Api) -> None:
    answer = await used.bob.get("/usage/export", params=TODAY)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-disposition"] == 'attachment; filename="usage.csv"'
    assert {row["model"] for row in rows} == {"'=m"}
    assert len(rows) == 10
    lines = (await used.bob.get("/usage/export", params=TODAY | {"format": "jsonl"})).text
    assert {json.loads(line)["subject"] for line in lines.splitlines()} == {"bob"}


@pytest.mark.parametrize(
    "wanted",
    [
        {"from": "2030-01-02T00:00:00Z", "to": "2030-01-01T00:00:00Z"},
        {"from": "2020-01-01T00:00:00Z"},
        {"to": "0001-01-01T00:00:00Z"},
        {"to": "9999-12-31T23:59:59Z"},
        {"from": "9999-12-31T23:59:59-12:00"},
        {"cursor": "99"},
        {"cursor": "x"},
    ],
)
async def test_what_cannot_be_answered_is_refused(used: Api, wanted: dict[str, str]) -> None:
    for path in ("/usage", "/usage/calls"):
        assert (await used.admin.get(path, params=wanted)).status_code in {400, 422}, path


@pytest.mark.parametrize(
    "cursor", ["2030-99-99T00:00:00.000000+00:00#b#0~1", "2030-01-01T00:00:00.000000+00:00#b#0~9"]
)
async def test_a_made_up_cursor_shows_nothing_of_others(used: Api, cursor: str) -> None:
    answer = await used.alice.get("/usage/calls", params=TODAY | {"cursor": cursor})
    assert answer.status_code in {200, 400}
    assert "bob" not in answer.text


async def test_lisas_metrics_are_as_its_clients_know_them(used: Api) -> None:
    own = (await used.alice.get("/metrics/users/alice")).json()
    assert own["statusCode"] == 200
    assert own["body"]["alice"]["totalPrompts"] == 20
    assert own["body"]["alice"]["userGroups"] == ["research"]
    assert own["body"]["alice"]["firstSeen"] == "2030-01-01T00:20:00.000000+00:00"
    assert (await used.bob.get("/metrics/users/alice")).status_code == 403
    assert (await used.bob.get("/metrics/users/all")).status_code == 403
    every = (await used.admin.get("/metrics/users/all")).json()["body"]
    assert (every["totalUniqueUsers"], every["totalPrompts"]) == (2, 30)
    assert every["userGroups"] == {"research": 2}


async def test_limits_are_configured_and_others_are_not_told(api: Api) -> None:
    limits = {
        "everybody": {"requests_per_minute": 60},
        "users": {"alice": {"budget_usd_per_day": 5}, "bob": {"tokens_per_day": 1000}},
        "groups": {"research": {"concurrent_requests": 3}},
    }
    body = {"version": 0, "configuration": {"limits": limits}, "reason": ""}
    assert (await api.admin.put("/configurations/current", json=body)).status_code == 200
    seen = (await api.alice.get("/configurations/current")).json()["configuration"]["limits"]
    assert seen["users"] == {"alice": {"budget_usd_per_day": 5}}
    assert (seen["everybody"], seen["groups"]) == ({"requests_per_minute": 60}, {})

    without = {"version": 1, "configuration": {}, "reason": "by a client that knows of no limits"}
    assert (await api.admin.put("/configurations/current", json=without)).status_code == 200
    kept = (await api.admin.get("/configurations/current")).json()["configuration"]["limits"]
    assert kept == limits
    assert api.services.switches
    assert (await api.services.switches.configuration()).limits.users["bob"].tokens_per_day == 1000


async def test_a_token_has_every_limit(api: Api) -> None:
    limits = {
        "requests_per_minute": 10,
        "tokens_per_minute": 20,
        "concurrent_requests": 2,
        "tokens_per_day": 30,
        "tokens_per_month": 40,
        "budget_usd_per_day": 0.5,
        "budget_usd_per_month": 1.5,
    }
    made = (await api.alice.post("/tokens", json={"name": "n", "limits": limits})).json()
    assert made["limits"] == limits
    narrowed = api.client(authorization=f"Bearer {made['token']}")
    assert (await narrowed.post("/tokens", json={"name": "n"})).json()["limits"] == limits
    for name, most in limits.items():
        body = {"name": "n", "limits": {name: most + 1}}
        assert (await narrowed.post("/tokens", json=body)).status_code == 403, name
    await narrowed.aclose()
