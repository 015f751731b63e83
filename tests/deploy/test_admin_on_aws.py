"""Administration through API Gateway: tokens, configuration, preferences and the audit."""

import httpx
import pytest

from tests.deploy.conftest import Account

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys


def removals_until(status: int, client: httpx.Client) -> httpx.Response:
    """Remove sessions until the door has seen the switch, which takes it two seconds at most."""
    for _ in range(100):
        session_id = client.post("/sessions", json={}).json()["id"]
        answer = client.delete(f"/sessions/{session_id}")
        if answer.status_code == status:
            return answer
    raise AssertionError(answer.text)


def test_a_token_is_made_used_and_revoked(account: Account) -> None:
    with account.client("root") as root:
        made = root.post("/tokens", json={"name": "ci"})
        assert made.status_code == 201, made.text
        bearer = {"authorization": f"Bearer {made.json()['token']}"}
        with account.client() as program:
            assert program.get("/me", headers=bearer).json()["subject"] == "ci"
            assert program.get("/sessions", headers=bearer).status_code == 200
            assert program.get("/audit", headers=bearer).status_code == 403
        assert root.delete(f"/tokens/{made.json()['id']}").status_code == 204
        listed = [token["id"] for token in root.get("/tokens").json()["items"]]
        assert made.json()["id"] not in listed


def test_the_configuration_changes_what_sessions_allow(account: Account) -> None:
    with account.client("root") as root, account.client("ada") as ada:
        current = root.get("/configurations/current").json()
        off = {"enabledComponents": {"deleteSessionHistory": False}}
        wanted = {"version": current["version"], "configuration": off, "reason": "a test"}
        changed = root.put("/configurations/current", json=wanted)
        assert changed.status_code == 200, changed.text
        assert ada.put("/configurations/current", json=wanted).status_code == 403
        answer = removals_until(403, ada)
        assert answer.json()["error"]["code"] == "switched_off"
        back = wanted | {"version": changed.json()["version"], "configuration": {}}
        assert root.put("/configurations/current", json=back).status_code == 200
        removals_until(204, ada)


def test_what_was_done_and_what_was_refused_is_in_the_audit(account: Account) -> None:
    with account.client("root") as root, account.client("ada") as ada:
        assert ada.get("/audit").status_code == 403
        assert root.post("/tokens", json={"name": "audited"}).status_code == 201
        entries = root.get("/audit", params={"limit": 200}).json()["items"]
    done = {(entry["who"], entry["kind"], entry["outcome"]) for entry in entries}
    assert ("root", "token", "allowed") in done
    assert ("ada", "request", "denied") in done


def test_preferences_are_everybodys_own(account: Account) -> None:
    with account.client("ada") as ada, account.client("grace") as grace:
        kept = ada.put("/user-preferences", json={"preferences": {"theme": "dark"}})
        assert kept.status_code == 200, kept.text
        assert ada.get("/user-preferences").json()["preferences"] == {"theme": "dark"}
        assert "dark" not in grace.get("/user-preferences").text


def test_the_whole_api_describes_itself_to_whoever_may_call_it(account: Account) -> None:
    with account.client("ada") as ada:
        described = ada.get("/openapi.json")

    assert described.status_code == 200, described.text
    assert {"/me", "/sessions", "/audit"} <= set(described.json()["paths"])
