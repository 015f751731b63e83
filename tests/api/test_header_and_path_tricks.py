"""Tricks with headers, paths, methods and hosts, sent byte by byte to a real server."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from lisa.adapters.files.blobs import FileBlobs
from lisa.http.files import file_app
from lisa.http.ui import UiFiles
from tests.api.conftest import ORIGIN, Api
from tests.api.sockets import exchange, served

MARK = "alices-own-words"
PAGE = "<!doctype html><title>the page</title>"
HOST = "Host: lisa.test"
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Door:
    """LISA as the local profile serves it, and what its people hold."""

    port: int
    alice: str
    bob: str
    admin: str
    ended: str
    cookie: str

    def send(
        self, *headers: str, to: str = "GET /api/me", version: str = "1.1"
    ) -> tuple[int, bytes]:
        """Send a request; a header in `headers` may hold anything."""
        lines = [f"{to} HTTP/{version}", *headers, "Connection: close", "", ""]
        return exchange(self.port, "\r\n".join(lines).encode("latin-1"))

    def who(self, *headers: str) -> str:
        """Return whom these headers make of the caller; nobody is `-`."""
        status, came = self.send(HOST, *headers)
        assert status < 500, (headers, came)
        return str(json.loads(body(came))["subject"]) if status == 200 else "-"


def body(came: bytes) -> bytes:
    return came.partition(b"\r\n\r\n")[2]


def bearer(token: str) -> str:
    return f"Authorization: Bearer {token}"


@pytest.fixture
async def door(api: Api, tmp_path: Path) -> AsyncIterator[Door]:
    (tmp_path / "index.html").write_text(PAGE)
    blobs = FileBlobs(tmp_path / "files", b"0" * 32, api.clock, ORIGIN)
    routes = [
        Mount("/api", api.app),
        Mount("/files", file_app(blobs, api.services)),
        Mount("/", UiFiles(tmp_path, {})),
    ]
    made = await api.alice.post("/sessions", json={"id": "s1", "name": MARK})
    assert made.status_code == 201
    alice, bob = await api.token("alice"), await api.token("bob")
    admin = await api.token("adam", admin=True)
    gone = (await api.admin.post("/tokens", json={"name": "gone", "admin": True})).json()
    assert (await api.admin.delete(f"/tokens/{gone['id']}")).status_code == 204
    code = (await api.admin.post("/sign-in/codes")).json()["code"]
    signed_in = await api.client().post("/sign-in", json={"code": code})
    with served(Starlette(routes=routes)) as port:
        yield Door(port, alice, bob, admin, gone["token"], signed_in.cookies["lisa_session"])


def test_of_two_credentials_the_first_in_the_documented_order_counts_alone(door: Door) -> None:
    alice, admin, ended = (bearer(each) for each in (door.alice, door.admin, door.ended))
    assert door.who(alice, admin) == "alice"
    assert door.who(alice, f"Api-Key: {door.admin}", f"X-Api-Key: {door.admin}") == "alice"
    assert door.who(f"X-Api-Key: {door.admin}", f"Api-Key: {door.alice}") == "alice"
    assert door.who(f"Api-Key: {door.admin}", alice) == "alice"
    assert door.who(ended, f"Api-Key: {door.admin}") == "-"
    assert door.who(ended, admin) == "-"
    assert door.who(ended, f"Cookie: lisa_session={door.cookie}") == "-"


def test_an_odd_way_of_writing_a_token_makes_its_owner_or_nobody_of_the_caller(door: Door) -> None:
    token = door.alice
    odd = [
        f"Bearer\t{token}",
        f"Bearer   {token}  ",
        f"bEaReR {token}",
        f"Bearer {token}\t",
        f"Bearer\r\n {token}",
        f"Bearer \xa0{token}",
        f"Bearer \x0b{token}",
        f"Bearer\xa0{token}",
    ]
    for written in odd:
        assert door.who(f"Authorization: {written}") in {"alice", "-"}, written
    assert door.who(f"aUTHORIZATION:Bearer {token}") == "alice"


def test_a_token_that_is_not_shown_whole_and_alone_makes_nobody_of_the_caller(door: Door) -> None:
    token, admin = door.alice, door.admin
    wrong = [
        f"Bearer {token}, Bearer {admin}",
        f"Bearer {token} {admin}",
        f"Bearer {token};{admin}",
        f"Bearer Bearer {token}",
        f"Bearer {token}\x00",
        f"Bearer {token[:-1]}",
        f"Bearer {token.upper()}",
        f"Bearer {token}é",
        f"Bearer \xef\xbc\xac{token[1:]}",
        f"Bearer {token[:10]}\r\n {token[10:]}",
        f"Basic {token}",
        f"Digest {token}",
        "Bearer " + "lisa_" + "0" * 16_384,
        "Bearer " + "a." * 40_000,
        "Bearer " + "x" * 200_000,
    ]
    for written in wrong:
        assert door.who(f"Authorization: {written}") == "-", written[:200]
    assert door.who(f"Authorization : Bearer {token}") == "-"
    assert door.who("Authorization: Bearer", f" {token}") in {"alice", "-"}
    assert door.who(f"X-Filler: {'x' * 100_000}", bearer(token)) in {"alice", "-"}


FOR_PROXIES = [
    "X-Original-URL: /api/audit",
    "X-Rewrite-URL: /api/audit",
    "X-Forwarded-Prefix: /api/audit",
    "X-Forwarded-Path: /api/audit",
    "X-HTTP-Method-Override: DELETE",
    "X-Method-Override: DELETE",
    "X-Forwarded-User: adam",
    "X-Remote-User: adam",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: lisa.test",
    "X-Forwarded-Client-Cert: Subject=adam",
    "X-Lisa-Token: adam",
    "Forwarded: for=127.0.0.1;host=lisa.test;proto=https",
    "Upgrade: websocket",
    "Connection: Authorization",
]


def test_a_header_for_proxies_changes_nothing(door: Door) -> None:
    for credential in ("X-Nothing: x", bearer(door.alice)):
        for to in ("GET /api/me", "GET /api/audit", "GET /api/sessions/s1"):
            plain, plain_answer = door.send(HOST, credential, to=to)
            for header in FOR_PROXIES:
                status, answer = door.send(HOST, credential, header, to=to)
                assert status == plain, (to, header, answer)
                assert _said(answer) == _said(plain_answer), (to, header)


def _said(answer: bytes) -> dict[str, object]:
    """Return the body, without what differs in every answer."""
    whole = dict(json.loads(body(answer)))
    error = whole.get("error")
    if isinstance(error, dict):
        error.pop("request_id")
    return whole


async def test_no_header_changes_the_address_in_the_audit(api: Api, door: Door) -> None:
    claims = ("X-Forwarded-For: {}", "X-Real-IP: {}", "Forwarded: for={}")
    spoofed = (claim.format("203.0.113.9") for claim in claims)
    assert door.send(HOST, bearer(door.bob), *spoofed, to="GET /api/audit")[0] == 403
    audit = (await api.admin.get("/audit")).text
    assert "203.0.113.9" not in audit
    assert "127.0.0.1" in audit


PATHS = [
    *("{0}", "//api//{1}", "/api//{1}", "/api/{1}/", "/api/{1}.", "/api/{1};x=1", "/api;x=1/{1}"),
    *("/api/{1}%00", "/api/{1}%20", "/api/{1}%09", "/api%2f{1}", "/%61pi/{1}", "/api/./{1}"),
    *("/api/me/../{1}", "/api/me/%2e%2e/{1}", "/api/me/..%2f{1}", "/api/me%2f..%2f{1}"),
    *("/x/../api/{1}", "/x/%2e%2e/api/{1}", "/API/{1}", "/api/{1}%2f", "/api\\{1}", "/api/{1}?x"),
    *("/api/{1}#x", "/files/../api/{1}", "/files/%2e%2e/api/{1}", "/assets/..%2fapi/{1}"),
    *("/api/session/..%2f..%2fapi/{1}", "http://lisa.test/api/{1}", "http://evil.test/api/{1}"),
    *("/api/{1}%252f", "/api/%c0%ae%c0%ae/{1}", "/api/{1}%0d%0aX-A:b", "/api/openapi.json/../{1}"),
    *("api/{1}", "*", "/api/sign-in/../{1}", "/api/sign-in%2f..%2f{1}", "/api/\xe9/{1}"),
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_no_way_of_writing_a_path_opens_what_is_closed(door: Door, method: str) -> None:
    callers = (("audit", door.alice), ("sessions/s1", door.bob), ("tokens", "made-up"))
    for path in PATHS:
        for secret, caller in callers:
            to = f"{method} {path.format('/api/' + secret, secret)}"
            status, came = door.send(HOST, bearer(caller), to=to)
            assert status < 500, (to, came)
            assert MARK.encode() not in came, to
            assert status >= 400 or body(came) in {b"", PAGE.encode()}, (to, came)


OUTSIDE = [
    "/files/../../../etc/passwd",
    "/files/%2e%2e/%2e%2e/etc/passwd",
    "/files//etc/passwd",
    "/files/u-alice/..%2f..%2fsecret?signature=x&expires=9999999999",
    "/..%2f..%2fetc/passwd",
    "/assets/%2e%2e%2f%2e%2e%2fetc/passwd",
    "/%5c..%5c..%5cetc/passwd",
    "/assets/\x7f%00passwd",
]


def test_no_path_leads_to_a_file_outside(door: Door) -> None:
    for path in OUTSIDE:
        status, came = door.send(HOST, "Accept: text/html", to=f"GET {path}")
        assert status < 500, path
        assert b"root:" not in came, path
        assert status >= 400 or body(came) == PAGE.encode(), path


METHODS = ["HEAD", "OPTIONS", "TRACE", "TRACK", "PROPFIND", "get", "GET\tx", "X" * 5000]


def test_no_other_method_opens_what_is_closed_or_echoes_a_credential(door: Door) -> None:
    for path in ("/api/audit", "/api/sessions/s1", "/api/me", "/files/x", "/"):
        for method in METHODS:
            status, came = door.send(HOST, bearer(door.bob), to=f"{method} {path}")
            assert status < 500, (method, path, came)
            assert door.bob.encode() not in came, (method, path)
            assert MARK.encode() not in came, (method, path)
            assert path == "/" or status >= 400, (method, path, came)


def test_a_cookie_counts_for_our_own_host_alone(door: Door) -> None:
    cookie = f"Cookie: lisa_session={door.cookie}"
    assert door.send(HOST, cookie)[0] == 200
    foreign = [
        ("Host: evil.test",),
        ("Host: lisa.test.evil.test",),
        ("Host: evil.test", "X-Forwarded-Host: lisa.test"),
        ("Host: evil.test", "Forwarded: host=lisa.test"),
        ("Host: evil.test", HOST),
        ("Host: lisa.test@evil.test",),
        ("Host: lisa.test:8080",),
        ("Host: lisa.test evil.test",),
        ("Host: ",),
        (),
    ]
    for hosts in foreign:
        for to in ("GET /api/me", "GET http://lisa.test/api/me"):
            for version in ("1.0", "1.1"):
                status, came = door.send(*hosts, cookie, to=to, version=version)
                assert status in {400, 403, 404}, (hosts, to, came)


def test_a_cookie_writes_only_from_our_own_page(door: Door) -> None:
    cookie = f"Cookie: lisa_session={door.cookie}"
    body_of = ("Content-Type: application/json", "Content-Length: 2", "Connection: close", "", "{}")
    foreign = [
        (),
        ("Origin: null",),
        ("Origin: http://evil.test",),
        ("Origin: http://lisa.test.evil.test",),
        ("Origin: https://lisa.test",),
        ("Origin: http://lisa.test:80",),
        ("Origin: http://evil.test", f"Origin: {ORIGIN}"),
        (f"Referer: {ORIGIN}/",),
        ("Sec-Fetch-Site: same-origin",),
        ("X-HTTP-Method-Override: GET",),
    ]
    for headers in foreign:
        lines = ["POST /api/sessions HTTP/1.1", HOST, cookie, *headers, *body_of]
        status, came = exchange(door.port, "\r\n".join(lines).encode())
        assert status in {400, 403}, (headers, came)
    lines = ["POST /api/sessions HTTP/1.1", HOST, cookie, f"Origin: {ORIGIN}", *body_of]
    assert exchange(door.port, "\r\n".join(lines).encode())[0] == 201


ODD_COOKIES = [
    "lisa_session={0}; lisa_session=x",
    'lisa_session="{0}"',
    "lisa_session={0}; $Path=/; a=\x01",
    "lisa_session=x; lisa_session={0}",
    "LISA_SESSION={0}",
    "x=" + "y" * 20_000 + "; lisa_session={0}",
    ";" * 3000,
    "lisa_session=",
    "=lisa_session={0}",
]


def test_an_odd_cookie_makes_its_owner_or_nobody_of_the_caller(door: Door) -> None:
    for cookie in ODD_COOKIES:
        assert door.who(f"Cookie: {cookie.format(door.cookie)}") in {"admin", "-"}, cookie


def test_a_second_request_smuggled_into_the_first_is_refused_or_asks_for_itself(door: Door) -> None:
    second = f"GET /api/audit HTTP/1.1\r\n{HOST}\r\nConnection: close\r\n\r\n"
    tricks = [
        f"Content-Length: {len(second)}\r\nContent-Length: 0",
        "Content-Length: 0\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        f"Content-Length: +{len(second)}",
    ]
    for trick in tricks:
        first = f"POST /api/tokens HTTP/1.1\r\n{HOST}\r\n{bearer(door.admin)}\r\n{trick}\r\n\r\n"
        status, came = exchange(door.port, (first + "0\r\n\r\n" + second).encode())
        assert 400 <= status < 500, (trick, came)
        assert b'"items"' not in came, trick
