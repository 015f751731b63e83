"""What people do beside chatting, with IAM enforced: a journey for each of their shelves.

They come with user tokens, which follow what is known of their owners.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
import pytest

from lisa.declared.doors import DOORS
from tests.deploy.conftest import ACCOUNTS, Account
from tests.deploy.hosted import ok
from tests.zips import export_of

pytestmark = [
    pytest.mark.timeout(600),  # whoever comes first deploys
    pytest.mark.parametrize("account", ACCOUNTS[-1:], indirect=True),
]
SHELVES: Final = {"/me", "/models", "/projects", "/repositories", "/tool-servers"}
PICTURE: Final = b"\x89PNG\r\n\x1a\n"
SEEN: Final = [{"type": "input_image", "file_id": "file_1"}]


@contextmanager
def person(account: Account, name: str) -> Iterator[httpx.Client]:
    """Return a client with a token that its owner has for themselves."""
    with account.client("root") as root:
        made = ok(root.post(f"/api-tokens/{name}", json={"name": "laptop"}))
    headers = {"authorization": f"Bearer {made['token']}"}
    with httpx.Client(base_url=account.deployed.url, headers=headers, timeout=60) as client:
        yield client


def test_a_user_token_opens_every_door(account: Account) -> None:
    prefixes = {door.name: door.prefixes for door in DOORS if door.prefixes}
    visited = {name for name, own in prefixes.items() if SHELVES & {f"/{each}" for each in own}}
    assert visited == prefixes.keys()
    with person(account, "mary") as mary:
        answers = {shelf: mary.get(shelf).status_code for shelf in SHELVES}
    assert answers == dict.fromkeys(SHELVES, 200)


def test_a_prompt_is_revised_shared_and_deleted(account: Account) -> None:
    worded = {"title": "tutor", "type": "persona", "body": "You teach."}
    with person(account, "mary") as mary, person(account, "nora") as nora:
        path = f"/prompts/{ok(mary.post('/prompts', json=worded))['id']}"
        assert nora.get(path).status_code == 404
        ok(mary.put(path, json=worded | {"groups": ["lisa:public"], "version": 1}))
        assert ok(nora.get(path))["title"] == "tutor"
        assert "tutor" in {
            each["title"] for each in ok(nora.get("/prompt-templates?public=true"))["Items"]
        }
        assert len(ok(mary.get(f"{path}/revisions"))["items"]) == 2
        ok(mary.delete(path))
        assert nora.get(path).status_code == 404


def test_a_project_holds_sessions_that_are_found_by_their_words(account: Account) -> None:
    said = {"role": "user", "parts": [{"type": "text", "text": "the lighthouse keeper"}]}
    with person(account, "mary") as mary:
        project = ok(mary.post("/projects", json={"name": "plans"}))["id"]
        session = ok(mary.post("/sessions", json={}))["id"]
        [item] = ok(mary.post(f"/sessions/{session}/items", json={"items": [said]}))["items"]
        ok(mary.put(f"/projects/{project}/sessions/{session}"))
        inside = ok(mary.get("/sessions", params={"project": project}))["items"]
        found = ok(mary.get("/sessions", params={"q": "lighthouse"}))["items"]
        assert [[each["id"] for each in some] for some in (inside, found)] == [[session]] * 2

        ok(mary.post(f"/sessions/{session}/items/{item['id']}/remove", json={}))
        ok(mary.post(f"/sessions/{session}/items/{item['id']}/restore", json={}))
        ok(mary.patch(f"/projects/{project}", json={"name": "more plans"}))
        ok(mary.delete(f"/projects/{project}"))
        assert ok(mary.get(f"/sessions/{session}"))["project_id"] is None


def test_a_chat_comes_back_from_its_zip(account: Account) -> None:
    item = {"id": "p1", "role": "user", "parts": SEEN}
    archive = export_of([item], {"files/file_1.png": PICTURE})
    with person(account, "mary") as mary:
        link = ok(mary.post("/sessions/import/archives", json={"size": len(archive)}))
        headers = {"content-type": "application/zip"}
        assert httpx.put(link["url"], content=archive, headers=headers).is_success
        session = ok(mary.post(f"/sessions/import/archives/{link['upload_id']}"))["id"]
        kept = httpx.get(ok(mary.get(f"/sessions/{session}/files/file_1"))["url"])
        again = ok(mary.get(f"/sessions/{session}/export", params={"format": "zip"}))
        assert (kept.content, httpx.get(again["url"]).status_code) == (PICTURE, 200)


def test_tokens_are_rotated_switched_off_and_followed(account: Account) -> None:
    with account.client("root") as root, account.client() as program:
        made = ok(root.post("/tokens", json={"name": "nightly", "groups": ["research"]}))
        place = f"/tokens/{made['id']}"
        rotated = ok(root.post(f"{place}/rotate", json={"overlap_seconds": 60}))
        for secret in (made["token"], rotated["token"]):
            bearer = {"authorization": f"Bearer {secret}"}
            assert ok(program.get("/me", headers=bearer))["groups"] == ["research"]
        ok(root.patch(place, json={"name": "daily", "disabled": True}))
        listed = ok(root.get("/api-tokens"))["tokens"]
        assert "daily" in {each["name"] for each in listed}
        ok(root.delete(f"/api-tokens/{made['id']}"))
        assert root.get(place).status_code == 404


def test_the_administrators_door_tells_and_exports(account: Account) -> None:
    asked = {"as": "mary", "can": "create", "kind": "token"}
    with account.client("root") as root:
        ok(root.post("/tokens", json={"name": "exported"}))
        lines = root.get("/audit/export", params={"actor": "root"}).text.splitlines()
        assert {json.loads(each)["who"] for each in lines} == {"root"}
        assert ok(root.get("/policy/explain", params=asked))["because"]
        assert "items" in ok(root.get("/configurations/history"))
        assert ok(root.get("/configuration", params={"configScope": "global"}))
