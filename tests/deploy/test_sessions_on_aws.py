import json

import httpx
import pytest

from lisa.stores.sessions.contents import owner_prefix
from tests.deploy.conftest import Account
from tests.documents import pdf, word
from tests.standins.aws_emulator.access import published, session_of

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys

ANYTHING = "application/octet-stream"
LARGE = "x" * 200_000  # lies in the bucket, not in the row


def start_session(client: httpx.Client, *texts: str) -> str:
    created = client.post("/sessions", json={"name": "on AWS"})
    assert created.status_code == 201, created.text
    session_id = str(created.json()["id"])
    items = [{"role": "user", "parts": [{"type": "text", "text": text}]} for text in texts]
    if items:
        appended = client.post(f"/sessions/{session_id}/items", json={"items": items})
        assert appended.status_code == 201, appended.text
    return session_id


def texts_of(client: httpx.Client, session_id: str) -> list[str]:
    page = client.get(f"/sessions/{session_id}/items")
    assert page.status_code == 200, page.text
    return [item["parts"][0]["text"] for item in page.json()["items"]]


def error_of(response: httpx.Response) -> dict[str, str]:
    error = response.json()["error"]
    assert set(error) == {"code", "message", "next_step", "request_id"}
    assert all(error.values())
    return dict(error)


def test_a_session_lives_from_creation_to_removal(account: Account) -> None:
    with account.client("ada") as client:
        session_id = start_session(client, "first", LARGE, "last")

        assert texts_of(client, session_id) == ["first", LARGE, "last"]
        assert session_id in [each["id"] for each in client.get("/sessions").json()["items"]]
        renamed = client.patch(f"/sessions/{session_id}", json={"name": "renamed"})
        assert renamed.json()["name"] == "renamed"
        assert client.delete(f"/sessions/{session_id}").status_code == 204
        assert client.get(f"/sessions/{session_id}").status_code == 404


def test_an_append_sent_twice_is_there_once(account: Account) -> None:
    item = {"id": "mine", "role": "user", "parts": [{"type": "text", "text": "once"}]}
    with account.client("ada") as client:
        session_id = start_session(client)
        for _ in range(2):
            client.post(f"/sessions/{session_id}/items", json={"items": [item]})

        assert texts_of(client, session_id) == ["once"]


def test_existing_lisa_clients_find_their_paths(account: Account) -> None:
    history = {"messages": [{"type": "human", "content": "hello"}]}
    with account.client("ada") as client:
        saved = client.put("/session/from-lisa", json=history)
        assert saved.status_code == 200, saved.text

        assert texts_of(client, "from-lisa") == ["hello"]
        assert client.get("/session/from-lisa").json()["history"]
        assert "from-lisa" in [each["sessionId"] for each in client.get("/session").json()]


def test_a_file_goes_up_and_down_by_links(account: Account) -> None:
    with account.client("ada") as client:
        session_id = start_session(client)
        announced = {"content_type": "text/plain", "size": len(b"content")}
        up = client.post(f"/sessions/{session_id}/files", json=announced).json()
        sent = httpx.put(up["url"], content=b"content", headers={"content-type": "text/plain"})
        assert sent.status_code == 200, sent.text
        down = client.get(f"/sessions/{session_id}/files/{up['file_id']}").json()

        assert httpx.get(down["url"]).content == b"content"


@pytest.mark.parametrize(
    ("kind", "content"),
    [("text", b"Some words."), ("pdf", pdf("Some words.")), ("docx", word())],
)
def test_a_file_is_read_in_the_function(account: Account, kind: str, content: bytes) -> None:
    with account.client("ada") as client:
        files = f"/sessions/{start_session(client)}/files"
        announced = {"content_type": ANYTHING, "size": len(content)}
        up = client.post(files, json=announced).json()
        sent = httpx.put(up["url"], content=content, headers={"content-type": ANYTHING})
        read = client.post(f"{files}/{up['file_id']}/text")

    assert sent.status_code == 200, sent.text
    assert read.status_code == 200, read.text
    assert read.json()["kind"] == kind
    assert read.json()["characters"] > 0


def test_another_callers_session_is_not_there(account: Account) -> None:
    with account.client("ada") as ada, account.client("grace") as grace:
        session_id = start_session(ada, "private")
        answer = grace.get(f"/sessions/{session_id}")

        assert answer.status_code == 404
        assert error_of(answer)["code"] == "session_not_found"
        assert session_id not in [each["id"] for each in grace.get("/sessions").json()["items"]]


@pytest.mark.parametrize("account", ["iam enforced"], indirect=True)  # no refusal rests on it
@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "Bearer lisa_nonsense"])
def test_a_stranger_is_told_so_by_the_authorizer(account: Account, authorization: str) -> None:
    headers = {"authorization": authorization} if authorization else {}
    with account.client() as client:
        answer = client.get("/sessions", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert error_of(answer)["code"] == "unauthenticated"


def test_a_cookie_of_the_local_profile_is_refused(account: Account) -> None:
    with account.client() as client:
        answer = client.get("/sessions", headers={"cookie": "lisa_session=anything"})

    assert answer.status_code == 403
    assert error_of(answer)["code"] == "forbidden"


def test_a_path_that_no_door_serves_is_not_there(account: Account) -> None:
    with account.client("ada") as client:
        answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert error_of(answer)["code"] == "not_found"


def test_the_sweep_runs_and_leaves_no_content_of_a_deleted_session(account: Account) -> None:
    sdk, endpoint = session_of(), account.emulator.endpoint
    bucket = published(account.emulator, "bucket/content")
    content = f"{owner_prefix('grace')}/"
    functions = sdk.client("lambda", endpoint_url=endpoint)
    objects = sdk.client("s3", endpoint_url=endpoint)
    with account.client("grace") as client:
        start_session(client, LARGE)
        before = objects.list_objects_v2(Bucket=bucket, Prefix=content)["KeyCount"]
        client.delete("/sessions")
    [sweep] = [
        function["FunctionName"]
        for function in functions.list_functions()["Functions"]
        if function["Handler"] == "lambdas.events.sweep.handler.handle"
    ]

    done = functions.invoke(FunctionName=sweep, Payload=b"{}")

    assert "FunctionError" not in done, done["Payload"].read()
    assert json.loads(done["Payload"].read()) == {"closed": 0}  # late uploads may still come
    assert before > 0
    assert objects.list_objects_v2(Bucket=bucket, Prefix=content)["KeyCount"] == 0
    functions.close()
    objects.close()
