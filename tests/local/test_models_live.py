"""Models through a whole LISA: its API, its worker, an engine's process, its gateway."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lisa.declared.home import MODELS
from lisa.usecases.lifecycle.replica_scaling import WITH_LOAD
from tests.local.living import Living, living_in, until


@pytest.fixture(scope="module")
def living(
    shared_home: Path, command_environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Living]:
    place = tmp_path_factory.mktemp("engines")
    with living_in(shared_home, command_environ, place) as living:
        yield living


def test_a_model_is_created_called_stopped_woken_and_deleted_without_a_trace(
    living: Living,
) -> None:
    living.create("org/tiny")
    found = living.becomes("org/tiny", "InService")
    assert "org/tiny takes 2048" in living.says("org/tiny")
    living.change("org/tiny", {"enabled": False})
    living.becomes("org/tiny", "Stopped")
    assert living.processes("org/tiny") == []
    assert "org/tiny takes 2048" in living.says("org/tiny")  # whoever calls it wakes it
    living.http.delete("/api/models/org/tiny")
    living.becomes("org/tiny", "gone")
    assert living.processes("org/tiny") == []
    assert [each for each in (living.lisa.home / MODELS).iterdir() if "tiny" in each.name] == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(found["upstreams"][0]["url"])
    assert asyncio.run(living.left("org/tiny")) == []


def test_killed_engines_and_a_killed_worker_lose_no_model(living: Living) -> None:
    living.create("hardy")
    living.becomes("hardy", "InService")
    first = living.says("hardy")
    living.kill_engine("hardy")
    until(lambda: living.says("hardy") != first)
    living.change("hardy", {"hosting": {"options": {"max_model_len": 1024}}})
    worker = living.lisa.child("local.worker")
    assert worker
    worker.kill()
    living.becomes("hardy", "InService")
    assert "hardy takes 1024" in living.says("hardy")
    assert len(living.processes("hardy")) == 2  # a keeper and its engine


def test_a_missing_engine_is_told_with_what_helps_and_leaves_nothing(living: Living) -> None:
    living.create("lacking", "tgi")
    until(lambda: living.model("lacking")["status"] == "Failed")
    found = living.model("lacking")
    assert "no program text-generation-launcher" in found["reason"]
    assert "install text-generation-launcher" in found["nextStep"]
    assert living.processes("lacking") == []


def test_no_call_fails_while_its_model_is_changed_and_gains_and_loses_a_replica(
    living: Living,
) -> None:
    living.create("busy")
    living.becomes("busy", "InService")
    living.says("busy")
    with living.called("busy") as said:
        both = {"options": {"max_model_len": 1024}, "scaling": {"maximum": 2, "desired": 2}}
        living.change("busy", {"hosting": both})
        assert len(living.becomes("busy", "InService")["upstreams"]) == 2
        until(lambda: len({each for each in said if "takes 1024" in each}) == 2)
        living.change("busy", {"hosting": {"scaling": {"desired": 1, "maximum": 1}}})
        assert len(living.becomes("busy", "InService")["upstreams"]) == 1
        answered = len(said)
        until(lambda: len(said) > answered + 8)
    assert {each.split(" in ")[0] for each in said} == {"busy takes 2048", "busy takes 1024"}


@pytest.mark.slow
def test_replicas_come_with_the_load_and_go_when_it_ends_and_no_call_fails(living: Living) -> None:
    living.create("swamped", scaling={"maximum": 2, "cooldownSeconds": 5, "warmupSeconds": 1})
    living.becomes("swamped", "InService")
    with living.called("swamped") as said:
        until(lambda: len({*said}) == 2)  # each replica says its own
        answered = len(said)
        until(lambda: len(said) > answered + 8)
    until(lambda: len(living.model("swamped")["upstreams"]) == 1)
    until(lambda: len(living.processes("swamped")) == 2)  # a keeper and its engine
    told = living.http.get("/api/models/swamped/events").json()["events"]
    more, fewer = [each["words"] for each in told if each["step"] == WITH_LOAD]
    assert re.fullmatch(r"[0-9]+ calls per minute .* of 30 wanted: 2 replicas instead of 1", more)
    assert fewer == "0 calls per minute and replica of 30 wanted: 1 replica instead of 2"


def test_an_idle_model_goes_to_zero_and_a_call_is_held_until_it_is_back(living: Living) -> None:
    living.create("dozing", idleSeconds=60)
    living.becomes("dozing", "InService")
    living.says("dozing")
    asyncio.run(living.grows_older("dozing", 61))
    living.becomes("dozing", "Stopped")
    assert living.processes("dozing") == []
    assert "dozing takes 2048" in living.held("dozing").text
    told = living.http.get("/api/models/dozing/events").json()["events"]
    assert any(each["words"].startswith("idle for 1 min ") for each in told)
