"""Sessions over HTTP: native paths."""

import json
from collections.abc import AsyncIterator

import pytest

from lisa.http.limits import MAX_BODY
from tests.api.conftest import Api


def said(text: str, **more: object) -> dict[str, object]:
    return {"role": "user", "parts": [{"type": "input_text", "text": text}], **more}


async def a_session(api: Api, *texts: str) -> str:
    created = await api.alice.post("/sessions", json={"name": "plans"})
    session_id = created.json()["id"]
    for text in texts:
        await api.alice.post(f"/sessions/{session_id}/items", json={"items": [said(text)]})
    return str(session_id)


async def test_a_session_lives_from_create_to_delete(api: Api) -> None:
    created = await api.alice.post("/sessions", json={"name": "plans"})
    assert created.status_code == 201
    path = f"/{created.headers['location']}"
    added = await api.alice.post(f"{path}/items", json={"items": [said("hi"), said("ho")]})
    assert (added.status_code, len(added.json()["items"])) == (201, 2)
    listed = (await api.alice.get("/sessions")).json()
    assert [session["first_message"] for session in listed["items"]] == ["hi"]
    renamed = await api.alice.patch(path, json={"name": "better", "version": 1})
    assert (renamed.json()["name"], renamed.json()["version"]) == ("better", 2)
    assert (await api.alice.delete(path)).status_code == 204
    assert (await api.alice.get(path)).status_code == 404
    assert (await api.alice.delete("/sessions")).status_code == 202


async def test_every_route_of_a_session_is_404_for_others(api: Api) -> None:
    session_id = await a_session(api, "secret")
    path = f"/sessions/{session_id}"
    answers = [
        await api.bob.get(path),
        await api.bob.patch(path, json={"name": "mine"}),
        await api.bob.delete(path),
        await api.bob.get(f"{path}/items"),
        await api.bob.post(f"{path}/items", json={"items": [said("x")]}),
        await api.bob.get(f"{path}/export"),
        await api.bob.post(f"{path}/files", json={"content_type": "text/plain", "size": 3}),
        await api.bob.get(f"{path}/files/file_1"),
        await api.bob.get(f"/session/{session_id}"),
        await api.bob.delete(f"/session/{session_id}"),
        await api.bob.put(f"/session/{session_id}/name", json={"name": "mine"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert all("secret" not in answer.text for answer in answers)


async def test_every_route_refuses_a_stranger(api: Api) -> None:
    paths = [
        (method.upper(), path)
        for path, methods in json.loads((await api.admin.get("/openapi.json")).text)[
            "paths"
        ].items()
        for method in methods
        if path != "/sign-in"
    ]
    for method, path in paths:
        body: dict[str, str] | None = {} if method in {"POST", "PUT", "PATCH"} else None
        answer = await api.anonymous.request(
            method, path.replace("{", "").replace("}", ""), json=body
        )
        assert answer.status_code == 401, (method, path)
        assert answer.json()["error"]["next_step"]


async def test_items_are_paged_both_ways(api: Api) -> None:
    session_id = await a_session(api, "a", "b", "c")
    path = f"/sessions/{session_id}/items"
    first = (await api.alice.get(path, params={"limit": 2})).json()
    rest = (await api.alice.get(path, params={"cursor": first["next_cursor"]})).json()
    texts = [item["parts"][0]["text"] for item in [*first["items"], *rest["items"]]]
    assert (texts, rest["next_cursor"]) == (["a", "b", "c"], "")
    newest = (await api.alice.get(path, params={"limit": 1, "order": "desc"})).json()
    assert newest["items"][0]["parts"][0]["text"] == "c"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"items": []}',
        b'{"items": [{}]}',
        b'{"items": [{"parts": [{}], "role": "king"}]}',
        b'{"items": [{"parts": [{}], "surprise": 1}]}',
        b'{"items": [{"parts": [{"text": "\\ud800"}], "id": "../x"}]}',
        b'{"items": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"items": [{"parts": [{"n": 1' + b"0" * 5000 + b"}]}]}",
        b'{"items": [{"parts": [{"n": NaN}]}]}',
        b'{"items": [{"parts": [{"n": 1e400}]}]}',
        b'{"items": [{"parts": [{"text": "half: \\ud800"}]}]}',
    ],
)
async def test_nonsense_bodies_get_a_clear_4xx(api: Api, body: bytes) -> None:
    session_id = await a_session(api)
    headers = {"content-type": "application/json"}
    answer = await api.alice.post(f"/sessions/{session_id}/items", content=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["message"]


async def test_odd_text_is_kept_as_it_came(api: Api) -> None:
    session_id = await a_session(api)
    part = rb'{"type": "input_text", "text": "a\u0000\ud83d\ude00"}'
    body = b'{"items": [{"role": "user", "parts": [' + part + b"]}]}"
    headers = {"content-type": "application/json"}
    answer = await api.alice.post(f"/sessions/{session_id}/items", content=body, headers=headers)
    assert answer.json()["items"][0]["parts"][0]["text"] == "a\x00\U0001f600"


async def test_a_body_over_4_mb_is_413_with_a_next_step(api: Api) -> None:
    session_id = await a_session(api)
    path = f"/sessions/{session_id}/items"
    announced = await api.alice.post(path, content=b"x" * (MAX_BODY + 1))

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 1024 * 1024

    streamed = await api.alice.post(path, content=chunks())
    for answer in (announced, streamed):
        assert answer.status_code == 413
        assert "upload" in answer.json()["error"]["next_step"]


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 13, "%00", "1e3", "۱۲"])
async def test_a_strange_cursor_is_refused(api: Api, cursor: str) -> None:
    session_id = await a_session(api, "a")
    for path in (f"/sessions/{session_id}/items", f"/session/{session_id}"):
        assert (await api.alice.get(path, params={"cursor": cursor})).status_code == 400
    assert (await api.alice.get("/sessions", params={"cursor": cursor})).status_code == 400


async def test_an_export_in_json_holds_every_item(api: Api) -> None:
    session_id = await a_session(api, "a", "b")
    answer = await api.alice.get(f"/sessions/{session_id}/export")
    exported = answer.json()
    assert "attachment" in answer.headers["content-disposition"]
    assert exported["session"]["name"] == "plans"
    assert [item["parts"][0]["text"] for item in exported["items"]] == ["a", "b"]


async def test_an_export_over_4_mb_goes_on_at_its_link(api: Api) -> None:
    session_id = await a_session(api)
    for number in range(6):
        items = [said(f"{number}" + "x" * 900_000)]
        await api.alice.post(f"/sessions/{session_id}/items", json={"items": items})
    path = f"/sessions/{session_id}/export?format=markdown"
    first = await api.alice.get(path)
    rest = await api.alice.get(first.links["next"]["url"])
    assert first.text.count("## User") + rest.text.count("## User") == 6
    assert (first.text.count("# plans"), rest.text.count("# plans")) == (1, 0)


@pytest.mark.slow
async def test_ten_thousand_items_are_listed_by_pages(api: Api) -> None:
    session_id = await a_session(api)
    for start in range(0, 10_000, 1000):
        items = [said("x", id=f"i{number}") for number in range(start, start + 1000)]
        await api.alice.post(f"/sessions/{session_id}/items", json={"items": items})
    page = await api.alice.get(f"/sessions/{session_id}/items", params={"order": "desc"})
    assert page.json()["items"][0]["id"] == "i9999"
    assert (await api.alice.get(f"/sessions/{session_id}")).json()["item_count"] == 10_000


async def test_a_large_file_is_announced_and_linked(api: Api) -> None:
    session_id = await a_session(api)
    path = f"/sessions/{session_id}/files"
    wanted = {"content_type": "application/pdf", "size": 5_000_000}
    link = (await api.alice.post(path, json=wanted)).json()
    assert link["method"] == "PUT"
    assert link["url"].startswith("memory:u-alice/sessions/")
    assert (await api.alice.get(f"{path}/{link['file_id']}")).json()["method"] == "GET"
    assert (await api.alice.get(f"{path}/..%2Fother")).status_code in {400, 404, 422}
    huge = {"content_type": "application/pdf", "size": 10**12}
    assert (await api.alice.post(path, json=huge)).status_code == 413


async def test_answers_bear_a_request_id_and_security_headers(api: Api) -> None:
    answer = await api.alice.get("/sessions/none")
    assert answer.headers["x-request-id"] == answer.json()["error"]["request_id"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_unknown_path_and_method_have_the_same_shape_of_error(api: Api) -> None:
    assert (await api.alice.get("/nowhere")).json()["error"]["code"] == "not_found"
    assert (await api.alice.put("/sessions")).json()["error"]["code"] == "method_not_allowed"
