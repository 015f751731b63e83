"""The audit over HTTP: refusals are recorded whatever happens, read by administrators alone."""

import asyncio
import csv
import io
import json

import httpx
import pytest
from starlette.types import Message

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.declared.tables import AUDIT
from lisa.domain.audit import Deed
from lisa.domain.errors import Unavailable
from lisa.domain.identity import Principal, write_token
from lisa.http.app import create_app
from lisa.ports.table import Delete, Put, Row, Update
from tests.api.conftest import Api

REFUSALS = {"kind": "request"}


class WithoutAudit(MemoryTables):
    """A store whose audit fails."""

    def __init__(self, clock: ManualClock, failure: Exception) -> None:
        super().__init__(clock)
        self.failure = failure

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        if step.table == AUDIT:
            raise self.failure
        return await super().apply(step)


class HeldAudit(MemoryTables):
    """A store whose audit waits to be let go."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.gate = asyncio.Event()
        self.written = 0

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        if step.table == AUDIT:
            await self.gate.wait()
            self.written += 1
        return await super().apply(step)


async def note(api: Api, deed: Deed, who: str = "root") -> None:
    assert api.services.audit
    await api.services.audit.audit.note(Principal(subject=who, admin=True), deed)


async def test_a_refused_request_is_recorded_with_its_id_and_address(api: Api) -> None:
    refused = await api.alice.get("/audit", headers={"x-request-id": "request-0001"})
    assert refused.status_code == 403
    [entry] = (await api.admin.get("/audit", params={"actor": "alice", **REFUSALS})).json()["items"]
    assert entry["who"] == "alice"
    assert (entry["verb"], entry["kind"], entry["object_id"]) == ("get", "request", "/audit")
    assert (entry["outcome"], entry["reason"]) == ("denied", "not_allowed")
    assert (entry["ip"], entry["request_id"]) == ("127.0.0.1", "request-0001")


async def test_strangers_refusals_are_one_line_a_minute_and_hold_no_credential(api: Api) -> None:
    token = write_token("0123456789abcdef" * 4)
    for number in range(20):
        bearer = {"authorization": f"Bearer {token}", "x-forwarded-for": f"192.0.2.{number}"}
        assert (await api.anonymous.get(f"/sessions/{token}", headers=bearer)).status_code == 401
        assert (await api.anonymous.get("/me")).status_code == 401
    answer = await api.admin.get("/audit", params=REFUSALS)
    entries = answer.json()["items"]
    assert sorted(entry["reason"] for entry in entries) == ["token_refused", "unauthenticated"]
    assert [entry["count"] for entry in entries] == [20, 20]
    assert token not in answer.text


@pytest.mark.parametrize("path", ["/%00x", "/%ED%A0%80", "/" + "x" * 3000, "/é"])
async def test_no_path_keeps_a_refusal_out_of_the_record(api: Api, path: str) -> None:
    assert (await api.anonymous.get(f"/sessions{path}")).status_code == 401
    [entry] = (await api.admin.get("/audit", params=REFUSALS)).json()["items"]
    assert entry["object_id"].startswith("/sessions/")


@pytest.mark.parametrize("failure", [Unavailable("away"), RuntimeError("bug"), TimeoutError()])
async def test_a_refusal_stays_one_where_the_audit_fails(failure: Exception) -> None:
    clock = ManualClock()
    ports = ContentPorts(WithoutAudit(clock, failure), clock, RandomIds(), MemoryBlobs())
    transport = httpx.ASGITransport(create_app(assemble(ports)))
    async with httpx.AsyncClient(transport=transport, base_url="http://lisa.test") as client:
        answer = await client.get("/me")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"


async def test_the_answer_does_not_wait_for_the_audit() -> None:
    clock = ManualClock()
    tables, answered = HeldAudit(clock), asyncio.Event()
    app = create_app(assemble(ContentPorts(tables, clock, RandomIds(), MemoryBlobs())))

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    scope = {"type": "http", "method": "GET", "path": "/me", "query_string": b"", "headers": []}
    call = asyncio.create_task(app(scope, receive, send))
    await answered.wait()
    assert not tables.written
    tables.gate.set()
    await call
    assert tables.written


@pytest.mark.parametrize("path", ["/audit", "/audit/export"])
async def test_only_an_administrator_reads_it(api: Api, path: str) -> None:
    assert (await api.anonymous.get(path)).status_code == 401
    assert (await api.alice.get(path)).status_code == 403
    assert (await api.admin.get(path)).status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (await api.admin.request(method, path)).status_code == 405


async def test_it_is_read_in_pages(api: Api) -> None:
    for number in range(5):
        await note(api, Deed("create", "thing", f"t{number}"))
        api.clock.advance(3600 * 20)
    found: list[str] = []
    cursor = ""
    while True:
        params: dict[str, str | int] = {"limit": 2, "cursor": cursor, "kind": "thing"}
        page = (await api.admin.get("/audit", params=params)).json()
        found += [entry["object_id"] for entry in page["items"]]
        if not (cursor := page["next_cursor"]):
            break
    assert found == ["t4", "t3", "t2", "t1", "t0"]
    bounds = {"kind": "thing", "since": "2030-01-01T20:00:00+00:00", "until": "2030-01-03T12:00:00"}
    page = (await api.admin.get("/audit", params=bounds)).json()
    assert [entry["object_id"] for entry in page["items"]] == ["t2", "t1"]


async def test_one_verb_is_found_page_by_page_however_far_back_it_lies(api: Api) -> None:
    for number in range(60):
        verb = "create" if number % 20 == 0 else "change"
        await note(api, Deed(verb, "thing", f"t{number}"))
        api.clock.advance(3600)
    wanted = {"kind": "thing", "verb": "create"}
    found: list[str] = []
    cursor = ""
    while True:
        params: dict[str, str | int] = {**wanted, "limit": 2, "cursor": cursor}
        page = (await api.admin.get("/audit", params=params)).json()
        found += [entry["object_id"] for entry in page["items"]]
        if not (cursor := page["next_cursor"]):
            break
    assert found == ["t40", "t20", "t0"]
    exported = await api.admin.get("/audit/export", params=wanted)
    assert [json.loads(line)["object_id"] for line in exported.text.splitlines()] == found


@pytest.mark.parametrize(
    "query",
    [
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"since": "soon"},
        {"cursor": "no"},
        {"cursor": "\x00"},
        {"actor": "\x00"},
        {"actor": "x" * 129},
        {"limit": "0"},
        {"limit": "1001"},
    ],
)
async def test_a_wrong_query_is_4xx(api: Api, query: dict[str, str]) -> None:
    assert (await api.admin.get("/audit", params=query)).status_code in {400, 422}


async def test_turned_and_far_bounds_find_nothing(api: Api) -> None:
    await note(api, Deed("x", "y"))
    for bounds in (
        {"since": "2031-01-01", "until": "2029-01-01"},
        {"since": "9999-12-31T23:59:59"},
        {"until": "0001-01-01"},
    ):
        answer = await api.admin.get("/audit", params=bounds)
        assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_the_export_goes_on_at_its_link_and_keeps_what_was_asked(api: Api) -> None:
    for number in range(1001):
        await note(api, Deed("create", "thing", f"t{number}"))
        api.clock.advance(1)
    await note(api, Deed("change", "configuration"))
    params = {"format": "csv", "kind": "thing"}
    first = await api.admin.get("/audit/export", params=params)
    rest = await api.admin.get(first.links["next"]["url"])
    assert first.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(first.text + rest.text)))
    assert [row["object_id"] for row in rows] == [f"t{number}" for number in range(1000, -1, -1)]
    assert "link" not in rest.headers


async def test_json_lines_hold_an_entry_each(api: Api) -> None:
    await note(api, Deed("change", "thing", after={"text": "a\nb\u2028"}))
    await note(api, Deed("change", "thing"))
    answer = await api.admin.get("/audit/export", params={"format": "jsonl", "kind": "thing"})
    lines = [json.loads(line) for line in answer.text.rstrip("\n").split("\n")]
    assert len(lines) == 2
    assert {"a\nb\u2028"} == {line["after"]["text"] for line in lines if line["after"]}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＠"])  # noqa: RUF001 - a spreadsheet takes these too
async def test_no_cell_of_the_csv_is_a_formula(api: Api, start: str) -> None:
    evil = f'{start}HYPERLINK("http://evil.test")'
    await note(api, Deed("create", "thing", evil), who="=cmd")
    answer = await api.admin.get("/audit/export", params={"format": "csv", "kind": "thing"})
    [row] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert row["object_id"] == f"'{evil}"
    assert row["who"] == "'=cmd"
