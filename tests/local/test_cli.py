"""The `lisa` command against the real API over memory, on loopback."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import anyio.from_thread
import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from cli.main import run
from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.declared.home import CLI_TOKEN, LOCK, STATE, State
from lisa.domain.identity import Principal
from lisa.http.app import create_app
from lisa.usecases.tokens import Wanted
from local.lock import take_lock
from tests.api.conftest import model_ports, tool_ports

WEB = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, object]:
        """Return the one JSON document on standard output, or else on standard error."""
        found: dict[str, object] = json.loads(self.out or self.err)
        return found


Lisa = Callable[..., Said]


@pytest.fixture
def lisa(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Lisa:
    """Run the command in an empty folder, with a home that isn't there yet and no settings."""
    names = [name for name in os.environ if name.startswith("LISA_") or name.upper() in WEB]
    for name in names:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISA_HOME", str(tmp_path / "home"))

    def run_it(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            run(arguments)
        printed = capsys.readouterr()
        return Said(int(ended.value.code or 0), printed.out, printed.err)

    return run_it


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an app on a free port; yield its address."""
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@dataclass
class Stranger:
    """A server that notes what it is told, and answers what it was given to."""

    answer: Response = field(default_factory=lambda: JSONResponse({"items": [], "next_cursor": ""}))
    authorizations: list[str | None] = field(default_factory=list)

    def app(self) -> Starlette:
        """Answer every request the same way."""

        async def note(request: Request) -> Response:
            self.authorizations.append(request.headers.get("authorization"))
            return self.answer

        return Starlette(routes=[Route("/{path:path}", note, methods=["GET", "POST", "DELETE"])])


@pytest.fixture
def api() -> Iterator[tuple[str, str]]:
    """Serve the real API; yield its address and an administrator's token."""
    clock = SystemClock()
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), MemoryBlobs())
    services = assemble(ports, origins=frozenset(), models=model_ports(), tools=tool_ports())

    async def health(request: Request) -> Response:
        del request
        return JSONResponse({"status": "ok", "version": "7.8.9"})

    async def admin() -> str:
        assert services.identity
        root = Principal(subject="root", admin=True)
        issued = await services.identity.tokens.issue(root, Wanted(name="root", admin=True))
        return issued.secret

    with anyio.from_thread.start_blocking_portal() as portal:
        token = portal.call(admin)
    app = Starlette(routes=[Route("/health", health), Mount("/api", create_app(services))])
    with served(app) as url:
        yield url, token


@pytest.fixture
def here(api: tuple[str, str], tmp_path: Path) -> Iterator[str]:
    """Let the API be the LISA that runs on this machine: its home is locked, its state written."""
    url, token = api
    home = tmp_path / "home"
    home.mkdir()
    port = int(url.rpartition(":")[2])
    state = State(
        pid=os.getpid(), port=port, url=url, data=home / "postgres", started=datetime.now(UTC)
    )
    (home / STATE).write_text(state.model_dump_json())
    (home / CLI_TOKEN).write_text(f"{token}\n")
    with take_lock(home / LOCK):
        yield url


@pytest.mark.usefixtures("here")
class TestTokens:
    def test_a_token_is_all_that_is_printed_so_that_a_shell_can_take_it(self, lisa: Lisa) -> None:
        made = lisa("token", "create", "--name", "ci")
        assert made.code == 0
        assert made.out.startswith("lisa_")
        assert made.out.count("\n") == 1
        assert "not shown again" in made.err

    def test_json_has_the_token_and_all_that_was_asked_for(self, lisa: Lisa) -> None:
        asked = ("--admin", "--group", "a", "--group", "b", "--expires", "90d")
        made = lisa("token", "create", "--name", "ci", *asked, "--json")
        assert made.err == ""
        assert str(made.document["token"]).startswith("lisa_")
        assert (made.document["admin"], made.document["groups"]) == (True, ["a", "b"])
        expires = datetime.fromisoformat(str(made.document["expires"]))
        assert (expires - datetime.now(UTC)).days == 89

    def test_all_pages_are_listed(self, lisa: Lisa, api: tuple[str, str]) -> None:
        url, token = api
        with httpx.Client(headers={"authorization": f"Bearer {token}"}) as client:
            for number in range(101):
                client.post(f"{url}/api/tokens", json={"name": f"n{number}"})
        items = lisa("token", "list", "--json").document["items"]
        assert isinstance(items, list)
        assert len({item["id"] for item in items}) == 102

    def test_the_list_fits_into_80_columns_and_cuts_no_id(self, lisa: Lisa) -> None:
        made = lisa("token", "create", "--name", "n" * 128, "--group", "g" * 128, "--json")
        listed = lisa("token", "list").out
        assert str(made.document["id"]) in listed
        assert max(map(len, listed.splitlines())) == 80

    def test_the_list_tells_limits_and_can_be_one_owners(self, lisa: Lisa) -> None:
        limits = ("--limit", "requests_per_minute=60", "--limit", "budget_usd_per_day=2.5")
        lisa("token", "create", "--name", "class", *limits)
        lisa("token", "create", "--name", "free")
        told = lisa("token", "list").out.splitlines()
        limited = next(number for number, line in enumerate(told) if " class " in line)
        assert told[limited + 1] == "  limits: requests_per_minute=60, budget_usd_per_day=2.5"
        assert sum("limits:" in line for line in told) == 1
        items = lisa("token", "list", "--owner", "class", "--json").document["items"]
        assert isinstance(items, list)
        assert [(item["name"], item["limits"]["budget_usd_per_day"]) for item in items] == [
            ("class", 2.5)
        ]

    def test_a_revoked_token_is_gone(self, lisa: Lisa) -> None:
        made = lisa("token", "create", "--name", "ci", "--json").document
        assert lisa("token", "revoke", str(made["id"]), "--json").document == {
            "revoked": made["id"]
        }
        again = lisa("token", "revoke", str(made["id"]))
        assert (again.code, again.out) == (1, "")
        assert "there is no token" in again.err
        assert "next step: `lisa token list`" in again.err

    def test_a_rotated_token_prints_another_secret(self, lisa: Lisa) -> None:
        made = lisa("token", "create", "--name", "ci", "--json").document
        rotated = lisa("token", "rotate", str(made["id"]), "--overlap", "1h")
        assert rotated.out.startswith("lisa_")
        assert rotated.out.strip() != made["token"]
        assert str(made["id"]) in rotated.err

    def test_a_disabled_token_is_listed_as_such_until_it_is_enabled(self, lisa: Lisa) -> None:
        made = lisa("token", "create", "--name", "ci", "--scope", "inference", "--json").document
        assert made["scopes"] == ["inference"]
        for command, disabled in (("disable", True), ("enable", False)):
            shown = lisa("token", command, str(made["id"]), "--json").document
            assert shown["disabled"] is disabled
            assert ("disabled" in lisa("token", "list").out) is disabled

    def test_a_persons_token_is_theirs(self, lisa: Lisa) -> None:
        made = lisa("token", "create", "--name", "laptop", "--owner", "alice", "--json").document
        assert (made["owner"], made["kind"]) == ("alice", "user")

    def test_an_error_is_a_json_document_too(self, lisa: Lisa) -> None:
        refused = lisa("token", "revoke", "token_x", "--json")
        assert refused.out == ""
        assert refused.document == {
            "error": {
                "code": "token_not_found",
                "message": "there is no token token_x",
                "next_step": "`lisa token list` shows the ids",
            }
        }


def test_the_sign_in_link_has_its_code_in_the_fragment(lisa: Lisa, here: str) -> None:
    link = lisa("login-url").out.strip()
    assert link.startswith(f"{here}/#sign-in=")
    told = lisa("login-url", "--json").document
    assert str(told["url"]).startswith(f"{here}/#sign-in=")
    assert told["url"] != link


def test_status_tells_of_the_lisa_that_runs(lisa: Lisa, here: str, tmp_path: Path) -> None:
    told = lisa("status", "--json")
    assert told.code == 0
    assert told.document["pid"] == os.getpid()
    assert (told.document["url"], told.document["version"]) == (here, "7.8.9")
    assert told.document["data"] == str(tmp_path / "home" / "postgres")
    assert here in lisa("status").out


def test_status_tells_one_that_does_not_answer(lisa: Lisa, here: str, tmp_path: Path) -> None:
    state = tmp_path / "home" / STATE
    state.write_text(state.read_text().replace(here, "http://127.0.0.1:1"))
    told = lisa("status", "--json")
    assert (told.code, told.document["running"], told.document["answers"]) == (1, True, False)


@pytest.mark.usefixtures("here")
def test_what_is_for_this_machine_goes_through_no_proxy(
    lisa: Lisa, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Stranger()
    with served(proxy.app()) as url:
        monkeypatch.setenv("HTTP_PROXY", url)
        assert lisa("token", "list").code == 0
    assert proxy.authorizations == []


@pytest.mark.usefixtures("here")
def test_the_policy_is_explained(lisa: Lisa) -> None:
    question = ("policy", "explain", "--as", "bob", "--can", "read", "session", "--owner")
    refused = lisa(*question, "alice")
    assert refused.out == "no: only the object's owner may read it\n"
    allowed = lisa(*question, "bob", "--json").document
    assert allowed == {"allowed": True, "because": "the object's owner may read it"}
    grouped = lisa(
        *("policy", "explain", "--as", "bob", "--group", "a", "--group", "b"),
        *("--can", "use", "model", "--object-group", "b"),
    )
    assert grouped.out.startswith("yes: ")


@pytest.mark.usefixtures("here")
class TestElsewhere:
    def test_our_own_token_never_leaves_for_another_address(self, lisa: Lisa) -> None:
        stranger = Stranger()
        with served(stranger.app()) as url:
            refused = lisa("token", "list", "--url", url)
        assert refused.code == 1
        assert "LISA_TOKEN" in refused.err
        assert stranger.authorizations == []

    def test_another_address_gets_the_token_that_was_given_for_it(
        self, lisa: Lisa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stranger = Stranger()
        monkeypatch.setenv("LISA_TOKEN", "given")
        with served(stranger.app()) as url:
            monkeypatch.setenv("LISA_URL", f"{url}/")
            assert lisa("token", "list").code == 0
        assert stranger.authorizations == ["Bearer given"]

    def test_no_token_follows_a_redirect(self, lisa: Lisa, monkeypatch: pytest.MonkeyPatch) -> None:
        target = Stranger()
        monkeypatch.setenv("LISA_TOKEN", "given")
        with (
            served(target.app()) as aim,
            served(Stranger(RedirectResponse(aim, 307)).app()) as url,
        ):
            refused = lisa("token", "list", "--url", url)
        assert (refused.code, target.authorizations) == (3, [])
        assert "is no LISA" in refused.err

    def test_a_home_that_was_named_wins_over_an_address_that_was_set(
        self, lisa: Lisa, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("LISA_URL", "http://127.0.0.1:1")
        assert lisa("token", "list", "--home", str(tmp_path / "home")).code == 0

    @pytest.mark.parametrize("address", ["lisa.example.org", "ftp://lisa", "http://a:b", "http://"])
    def test_what_is_no_address_is_named(
        self, lisa: Lisa, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        monkeypatch.setenv("LISA_TOKEN", "given")
        assert "is no address of a LISA" in lisa("token", "list", "--url", address).err

    def test_a_token_that_is_none_is_not_repeated(
        self, lisa: Lisa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LISA_TOKEN", "zwei\nZeilen")
        refused = lisa("token", "list", "--url", "http://127.0.0.1:1")
        assert refused.code == 1
        assert "Zeilen" not in refused.err

    def test_nothing_that_answers_is_told_so(
        self, lisa: Lisa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LISA_TOKEN", "given")
        refused = lisa("token", "list", "--url", "http://127.0.0.1:1", "--json")
        assert refused.code == 3
        error = refused.document["error"]
        assert isinstance(error, dict)
        assert error["message"].startswith("nothing answers at http://127.0.0.1:1")
        assert "`lisa up`" in error["next_step"]


def test_a_home_whose_lisa_was_killed_counts_as_not_running(lisa: Lisa, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with take_lock(home / LOCK):
        pass
    state = State(pid=1, port=1, url="http://127.0.0.1:1", data=home, started=datetime.now(UTC))
    (home / STATE).write_text(state.model_dump_json())
    assert lisa("status").code == 3
    assert lisa("down", "--json").document == {"stopped": None}
    refused = lisa("token", "list")
    assert refused.code == 3
    assert "start it with `lisa up`" in refused.err
