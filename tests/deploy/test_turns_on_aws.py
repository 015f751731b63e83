"""Turns on the deployed tables and bucket: asked for by the `openai` package, kept in a session."""

from collections.abc import Iterator

import httpx
import openai
import pytest

from tests.deploy.conftest import Account
from tests.deploy.gateways import MODEL, Gateway, running_engine, running_gateway

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys

ANSWER = "Hello, wörld 🌍!"


@pytest.fixture(scope="module")
def gateway(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    with running_engine() as engine, running_gateway(account, engine.url, folder) as gateway:
        yield gateway


def with_a_file(client: httpx.Client, session_id: str, content: bytes) -> str:
    """Upload a text and have it read; return its id."""
    files = f"/sessions/{session_id}/files"
    announced = {"content_type": "text/plain", "size": len(content)}
    link = client.post(files, json=announced).json()
    sent = httpx.put(link["url"], content=content, headers={"content-type": "text/plain"})
    assert sent.status_code == 200, sent.text
    read = client.post(f"{files}/{link['file_id']}/text")
    assert read.status_code == 200, read.text
    return str(link["file_id"])


def test_a_stored_turn_reads_a_file_and_lands_in_its_session(gateway: Gateway) -> None:
    with gateway.account.client("ada") as control, gateway.client("ada") as client:
        session_id = control.post("/sessions", json={}).json()["id"]
        file_id = with_a_file(control, session_id, b"Some words to read.")
        stream = client.responses.create(
            model=MODEL,
            input=[{"role": "user", "content": [{"type": "input_file", "file_id": file_id}]}],
            conversation=session_id,
            stream=True,
        )
        last = list(stream)[-1]
        items = control.get(f"/sessions/{session_id}/items").json()["items"]

        assert last.type == "response.completed"
        assert client.responses.retrieve(last.response.id).output_text == ANSWER
        with client.responses.retrieve(last.response.id, stream=True) as again:
            assert list(again)[-1] == last
    assert [item["role"] for item in items] == ["user", "assistant"]
    assert items[1]["parts"][0]["text"] == ANSWER


def test_a_turn_without_a_session_is_asked_about_and_forgotten(gateway: Gateway) -> None:
    with gateway.client("ada") as client, gateway.client("grace") as other:
        first = client.responses.create(model=MODEL, input="hello")
        second = client.responses.create(
            model=MODEL, input="go on", previous_response_id=first.id, background=True
        )
        while second.status in {"queued", "in_progress"}:
            second = client.responses.retrieve(second.id)

        assert second.output_text == ANSWER
        with pytest.raises(openai.NotFoundError):
            other.responses.retrieve(second.id)
        client.responses.delete(second.id)
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(second.id)
