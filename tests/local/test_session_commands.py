"""`lisa sessions ...` and `lisa prompts ...`, over real HTTP to a real API."""

from typing import Any

import httpx
import pytest

from tests.local.test_cli import Lisa, api, here, lisa

__all__ = ["api", "here", "lisa"]

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def chats(api: tuple[str, str]) -> None:
    """Make two sessions, one of them over several pages of an export, and a prompt."""
    url, token = api
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{url}/api", headers=headers, trust_env=False) as client:
        for name in ("moon", "sun"):
            client.post("/sessions", json={"id": name, "name": f"about the {name}"})
        for number in range(5):
            part = {"type": "input_text", "text": f"needle {number} " + "x" * 900_000}
            item = {"id": f"i{number}", "role": "user", "parts": [part]}
            answer = client.post("/sessions/moon/items", json={"items": [item]})
            assert answer.status_code == 201
        client.post("/prompts", json={"title": "tutor", "type": "persona", "body": "Teach."})


@pytest.mark.usefixtures("chats")
def test_sessions_are_listed_found_exported_and_deleted(lisa: Lisa) -> None:
    listed = lisa("sessions", "list")
    assert [line.split()[0] for line in listed.out.splitlines()] == ["ID", "moon", "sun"]
    found: Any = lisa("sessions", "search", "NEEDLE", "--json").document
    assert [hit["item_id"] for hit in found["hits"]] == [None, "i4", "i3", "i2", "i1", "i0"]
    whole: Any = lisa("sessions", "export", "moon").document
    assert [item["id"] for item in whole["items"]] == [f"i{number}" for number in range(5)]
    assert (whole["format"], whole["next_cursor"]) == ("lisa.session/1", "")
    assert lisa("sessions", "delete", "moon").code == 0
    assert lisa("sessions", "export", "moon").code != 0
    left: Any = lisa("sessions", "list", "--json").document
    assert [each["id"] for each in left["items"]] == ["sun"]


@pytest.mark.usefixtures("chats")
def test_prompts_are_listed(lisa: Lisa) -> None:
    assert "tutor" in lisa("prompts", "list").out
    assert lisa("prompts", "list", "--shared", "--json").document == {"items": []}
