"""Preferences over HTTP."""

from typing import Any

import pytest

from tests.api.conftest import Api


async def test_they_are_the_callers_whoever_is_named(api: Api) -> None:
    assert (await api.alice.get("/user-preferences")).json() is None
    body = {"user": "bob", "preferences": {"theme": "dark"}}
    answer = await api.alice.put("/user-preferences", json=body)
    expected = {"user": "alice", "preferences": {"theme": "dark"}}
    assert (answer.status_code, answer.json()) == (200, expected)
    assert (await api.alice.get("/user-preferences")).json() == expected
    assert (await api.bob.get("/user-preferences")).json() is None
    assert (await api.admin.get("/user-preferences")).json() is None
    assert (await api.anonymous.get("/user-preferences")).status_code == 401
    assert (await api.anonymous.put("/user-preferences", json=body)).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"preferences": {"x": "%s"}}' % (b"y" * 33_000), 413),
        (b'{"preferences": []}', 422),
        (b"{}", 422),
        (b'{"preferences": %s%s}' % (b'{"x":' * 500, b"}" * 500), 422),
    ],
)
async def test_what_is_too_large_or_no_object_is_refused(
    api: Api, body: bytes, status: int
) -> None:
    json = {"content-type": "application/json"}
    answer = await api.alice.put("/user-preferences", content=body, headers=json)
    assert answer.status_code == status
    assert (await api.alice.get("/user-preferences")).json() is None


@pytest.mark.parametrize("value", ["NaN", "1e999", r'"\ud800"', r'"\u0000"', "1" + "0" * 400])
async def test_odd_values_break_nothing(api: Api, value: str) -> None:
    body = f'{{"preferences": {{"x": {value}}}}}'
    sent: Any = {"content": body, "headers": {"content-type": "application/json"}}
    put = await api.alice.put("/user-preferences", **sent)
    get = await api.alice.get("/user-preferences")
    assert put.status_code < 500
    assert get.status_code == 200
