"""The commands of models that LISA runs, against the real API with a scripted host."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import anyio.from_thread
import httpx
import pytest
import typer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from cli.client import Lisa as Client
from cli.models.timeline import follow, watch_until_arrived
from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.domain.identity import Principal
from lisa.http.app import create_app
from lisa.usecases.tokens import Wanted
from tests.api.conftest import model_ports, tool_ports
from tests.api.staging import staged
from tests.local import test_cli
from tests.local.test_cli import Lisa, served
from tests.standins.model_server.server import ModelServer, error, model_server

lisa, here = test_cli.lisa, test_cli.here
ENGINE = ("--engine", "vllm", "--weights", "/weights/llama")


@pytest.fixture
def engine() -> Iterator[ModelServer]:
    """Answer as an engine does."""
    with model_server() as server:
        yield server


@pytest.fixture
def api(engine: ModelServer) -> Iterator[tuple[str, str]]:
    """Serve the real API, where runs take no time; yield its address and an admin's token."""
    clock = ManualClock()
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), MemoryBlobs())
    stage = staged(ports, model_ports(), engine.url)
    stage.gate.set()
    services = assemble(ports, origins=frozenset(), models=stage.ports, tools=tool_ports())

    async def look(request: Request) -> Response:
        del request
        await stage.watching.look()
        return JSONResponse({})

    async def admin() -> str:
        assert services.identity
        root = Principal(subject="root", admin=True)
        issued = await services.identity.tokens.issue(root, Wanted(name="root", admin=True))
        return issued.secret

    with anyio.from_thread.start_blocking_portal() as portal:
        token = portal.call(admin)
    look_now = Route("/look", look, methods=["POST"])
    with served(Starlette(routes=[look_now, Mount("/api", create_app(services))])) as url:
        yield url, token


@pytest.mark.usefixtures("here")
class TestHostedModels:
    def test_a_model_is_created_watched_changed_and_deleted(self, lisa: Lisa) -> None:
        options = ("--option", "max_model_len=4096", "--idle", "30m", "--max", "2")
        made = lisa("models", "create", "llama", *ENGINE, *options, "--wait")
        assert made.code == 0, made.err
        assert "InService" in made.out.splitlines()[-1]
        shown = lisa("models", "show", "llama").out
        assert "vllm, run by scripted" in shown
        assert "after 1800 s" in shown
        changed = lisa("models", "update", "llama", "--env", "OMP_NUM_THREADS=2", "--wait")
        assert changed.code == 0, changed.err
        assert lisa("models", "scale", "llama", "--desired", "2", "--wait", "--json").code == 0
        hosting: Any = lisa("models", "show", "llama", "--json").document["hosting"]
        assert (hosting["scaling"]["desired"], hosting["options"]) == (2, {"max_model_len": 4096})
        assert hosting["environment"] == {"OMP_NUM_THREADS": "2"}
        for command, status in (("stop", "Stopped"), ("start", "InService")):
            assert status in lisa("models", command, "llama", "--wait").out.splitlines()[-1]
        gone = lisa("models", "delete", "llama", "--yes", "--wait")
        assert (gone.code, gone.out.splitlines()[-1]) == (0, "removed llama")
        watched = lisa("models", "watch", "llama", "--json")
        events = [json.loads(each) for each in watched.out.splitlines()]
        assert [each["sequence"] for each in events] == sorted(each["sequence"] for each in events)
        assert (watched.code, events[-1]["workflow"]) == (0, "delete_model")

    def test_its_replicas_and_their_logs_are_shown(self, lisa: Lisa, here: str) -> None:
        lisa("models", "create", "llama", *ENGINE, "--wait")
        assert "no replica of llama runs" in lisa("models", "logs", "llama").err
        httpx.post(f"{here}/look")
        assert "scripted: 1 replicas" in lisa("models", "replicas", "llama").out
        logs = lisa("models", "logs", "llama").out
        assert logs == "scripted: no engine runs as scripted-1 of llama\n"
        assert lisa("models", "logs", "llama", "--all").out == logs
        assert lisa("models", "logs", "llama", "--lines", "0").code == 2

    def test_a_schedule_is_set_shown_and_cleared(self, lisa: Lisa) -> None:
        lisa("models", "create", "llama", *ENGINE, "--wait")
        hours = ("--day", "mon-fri=08:00-18:00", "--timezone", "Europe/Berlin")
        told = lisa("models", "schedule", "llama", "set", *hours).out
        assert "friday     08:00-18:00" in told
        assert lisa("models", "schedule", "llama").out == told
        assert lisa("models", "schedule", "llama", "clear").code == 0
        assert lisa("models", "schedule", "llama").out == "schedule  none\n"

    def test_replicas_are_planned_shown_and_no_longer_planned(self, lisa: Lisa) -> None:
        lisa("models", "create", "llama", *ENGINE, "--max", "3", "--wait")
        day, night = "08:00 mon-fri Europe/Berlin 2-6", "20:00 Europe/Berlin 2-2"
        assert lisa("models", "scale", "llama", "--plan", day, "--plan", night, "--wait").code == 0
        told = lisa("models", "scale", "llama").out.splitlines()
        assert told[:3] == [
            "set      1 to 3 replicas, 1 wanted",
            f"planned  {day}",
            f"planned  {night}",
        ]
        assert told[3].endswith("replicas, 2 wanted")
        assert day in lisa("models", "show", "llama").out
        assert lisa("models", "scale", "llama", "--max", "4", "--wait").code == 0
        scaling: Any = lisa("models", "scale", "llama", "--json").document
        assert (scaling["maximum"], len(scaling["planned"])) == (4, 2)
        twice = lisa("models", "scale", "llama", "--plan", night, "--plan", night)
        assert (twice.code, "another one is planned" in twice.err) == (1, True)
        assert lisa("models", "scale", "llama", "--no-plan", "--wait").code == 0
        told = lisa("models", "scale", "llama").out.splitlines()
        assert told == [f"{each}  1 to 4 replicas, 1 wanted" for each in ("set", "now")]

    def test_engines_and_the_catalogue_are_told(self, lisa: Lisa) -> None:
        assert "run by: scripted" in lisa("models", "engines").out
        told = lisa("models", "engines", "vllm").out
        assert "  max_model_len (integer)\n    " in told
        assert "not taken:" in told
        assert lisa("models", "engines", "vlm").code == 1
        assert "Qwen/Qwen3-8B" in lisa("models", "catalogue").out

    def test_what_the_catalogue_has_is_begun_with(self, lisa: Lisa) -> None:
        asked = ("--from-catalogue", "bge large", "--wait", "--json")
        created = lisa("models", "create", "llama", *asked)
        made = created.document
        hosting: Any = made["hosting"]
        assert (created.code, made["status"]) == (0, "InService")
        assert (made["modelType"], made["streaming"]) == ("embedding", False)
        assert (hosting["engine"], hosting["weights"]["source"]) == (
            "tei",
            "BAAI/bge-large-en-v1.5",
        )

    def test_a_model_that_fails_ends_with_1_and_says_why(
        self, lisa: Lisa, engine: ModelServer
    ) -> None:
        engine.answering = lambda _: error(500, "broken")
        made = lisa("models", "create", "llama", *ENGINE, "--wait")
        assert made.code == 1
        assert "cause: probe: " in made.out.splitlines()[-1]
        assert "next step: " in made.out.splitlines()[-1]

    def test_what_goes_is_told_before_it_is_asked(
        self, lisa: Lisa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lisa("models", "create", "llama", *ENGINE, "--wait")
        assert "give --yes" in lisa("models", "delete", "llama").err
        assert "delete llama" in lisa("models", "remove", "llama").err
        keyboard = io.StringIO("n\n")
        monkeypatch.setattr(keyboard, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", keyboard)
        asked = lisa("models", "delete", "llama")
        assert "With llama goes:\n  scripted: llama\n" in asked.err
        assert asked.code == 1
        assert lisa("models", "show", "llama").code == 0

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (("create", "llama"), "--engine and --weights"),
            (("create", "llama", *ENGINE, "--option", "max_model_le=1"), "max_model_len"),
            (("create", "llama", *ENGINE, "--idle", "soon"), "30m"),
            (("create", "llama", "--from-catalogue", "gpt"), "lisa models catalogue"),
            (("update", "llama", "--gpus", "1"), "lisa models list"),
            (("scale", "llama"), "there is no model llama"),
            (("scale", "llama", "--plan", "8-18"), "08:00 mon-fri Europe/Berlin 2-6"),
            (("scale", "llama", "--plan", "08:00 mo 1"), "'mo' is no day"),
            (("scale", "llama", "--plan", "08:00 1", "--no-plan"), "give one of them"),
            (("schedule", "llama", "set"), "--every-day"),
            (("watch", "llama"), "there is no model llama"),
        ],
    )
    def test_what_is_missing_or_wrong_is_named(
        self, lisa: Lisa, arguments: tuple[str, ...], named: str
    ) -> None:
        told = lisa("models", *arguments)
        assert (told.code, named in told.err) == (1, True), told.err


class Faltering:
    """A LISA that breaks off every other answer; its model arrives after two events."""

    def __init__(self) -> None:
        """Have answered nothing."""
        self.asked = 0
        self.after: list[str] = []

    def app(self) -> Starlette:
        """Serve a model and its events."""

        async def model(request: Request) -> Response:
            del request
            status = "InService" if len(self.after) > 1 else "Creating"
            return self._answer({"model": {"status": status}})

        async def events(request: Request) -> Response:
            after = int(request.query_params["after"])
            told = [_event(after + 1)] if after < 2 else []
            answer = self._answer({"events": told, "next": after + len(told)})
            if isinstance(answer, JSONResponse):
                self.after.append(request.query_params["after"])
            return answer

        routes = [Route("/api/models/m", model), Route("/api/models/m/events", events)]
        return Starlette(routes=routes)

    def _answer(self, document: Mapping[str, Any]) -> Response:
        self.asked += 1
        if self.asked % 4 == 1:
            return StreamingResponse(iter([b"{"]), headers={"content-length": "10"})
        return JSONResponse(document)


def _event(sequence: int) -> dict[str, Any]:
    return {"sequence": sequence, "phase": "done"}


def test_a_connection_that_is_lost_costs_no_event_and_tells_none_twice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told: list[int] = []
    faltering = Faltering()
    with served(faltering.app()) as url:
        lisa = Client(url, "t", is_here=True)
        assert follow(lisa, "m", 0, lambda event: told.append(event["sequence"]))
    assert (told, faltering.after) == ([1, 2], ["0", "1", "2"])
    assert "asking again" in capsys.readouterr().err


def test_an_interrupted_watch_ends_cleanly(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    with served(Faltering().app()) as url, pytest.raises(typer.Exit) as ended:
        watch_until_arrived(Client(url, "t", is_here=True), "m", 0, interrupt)
    assert ended.value.exit_code == 130
    assert "goes on by itself" in capsys.readouterr().err
