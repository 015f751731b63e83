"""The configuration: typed, versioned, audited, and enforced within a second."""

import asyncio
import json
from dataclasses import dataclass

import pytest
from pydantic import JsonValue

from lisa.adapters.memory.clock import START
from lisa.bootstrap.administration_routes import configuration_services
from lisa.bootstrap.every_door import audit as audit_of
from lisa.bootstrap.every_door import switches_of
from lisa.bootstrap.ports import Ports
from lisa.declared.tables import CONFIGURATION
from lisa.domain.configuration import Configuration, read
from lisa.domain.errors import Conflict, Forbidden, Invalid
from lisa.domain.identity import Principal
from lisa.ports.table import Key, Update
from lisa.stores.audit import Search
from lisa.usecases.configuration import Configurations, Switches
from tests.unit.conftest import ALICE, House

ADMIN = Principal(subject="root", admin=True)
OFF = read({"enabledComponents": {"deleteSessionHistory": False}})


@dataclass(frozen=True)
class Uses:
    """Who changes the configuration, and who enforces it, in one process."""

    configurations: Configurations
    switches: Switches


def ports_of(house: House) -> Ports:
    return Ports(house.tables, house.clock, house.ids)


def uses_of(house: House) -> Uses:
    switches = switches_of(ports_of(house))
    return Uses(configuration_services(ports_of(house), switches).configurations, switches)


async def test_before_any_change_there_is_version_0_with_the_defaults(house: House) -> None:
    uses = uses_of(house)
    current = await uses.configurations.current(ALICE)
    assert current.number == 0
    assert current.configuration == Configuration()
    assert await uses.switches.is_on("deleteSessionHistory")


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"enabledComponent": {}}, "enabledComponent"),
        ({"enabledComponents": {"nope": True}}, "enabledComponents.nope"),
        ({"enabledComponents": {"awsSessions": "yes"}}, "enabledComponents.awsSessions"),
        ({"enabledComponents": {"awsSessions": 1}}, "enabledComponents.awsSessions"),
        ({"enabled_components": {}}, "enabled_components"),
        ({"maxProjectsPerUser": -1}, "maxProjectsPerUser"),
        ({"maxProjectsPerUser": True}, "maxProjectsPerUser"),
        ({"systemBanner": {"textColor": "red;background:url(x)"}}, "systemBanner.textColor"),
        ({"global": {"defaultModel": 5}}, "global.defaultModel"),
        ({"systemBanner": None}, "systemBanner"),
    ],
)
def test_a_key_or_a_type_nobody_knows_is_refused_by_name(document: JsonValue, named: str) -> None:
    with pytest.raises(Invalid, match=named):
        read(document)


def test_a_document_comes_back_as_it_was_sent() -> None:
    wire = Configuration().wire()
    assert {*wire} == {
        "enabledComponents",
        "systemBanner",
        "announcement",
        "global",
        "maxProjectsPerUser",
        "limits",
    }
    assert read(wire) == Configuration()
    components = wire["enabledComponents"]
    assert isinstance(components, dict)
    assert {"editNumOfRagDocument", "showMcpWorkbench", "viewMetaData"} <= {*components}


async def test_a_change_needs_the_current_version(house: House) -> None:
    uses = uses_of(house).configurations
    await uses.change(ADMIN, version=0, document=OFF.wire(), reason="so")
    for version in (0, 2):
        with pytest.raises(Conflict):
            await uses.change(ADMIN, version=version, document=OFF.wire(), reason="")
    assert (await uses.current(ADMIN)).number == 1


async def test_of_many_who_change_the_same_version_one_does(house: House) -> None:
    uses = uses_of(house).configurations
    tries = [uses.change(ADMIN, version=0, document=OFF.wire(), reason="") for _ in range(10)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, Conflict) for each in done) == 9
    assert (await uses.current(ADMIN)).number == 1


async def test_only_an_administrator_changes_it_and_sees_who_did(house: House) -> None:
    uses = uses_of(house).configurations
    with pytest.raises(Forbidden):
        await uses.change(ALICE, version=0, document=OFF.wire(), reason="")
    with pytest.raises(Forbidden):
        await uses.history(ALICE, limit=1, cursor="")
    await uses.change(ADMIN, version=0, document=OFF.wire(), reason="so")
    [version], _ = await uses.history(ADMIN, limit=10, cursor="")
    assert (version.changed, version.changed_by, version.reason) == (START, "root", "so")
    shown = await uses.current(ALICE)
    assert (shown.number, shown.changed_by, shown.reason) == (1, "", "")


async def test_every_change_and_every_conflict_is_in_the_audit(house: House) -> None:
    uses, audit = uses_of(house).configurations, audit_of(ports_of(house))
    await uses.change(ADMIN, version=0, document=OFF.wire(), reason="so")
    house.clock.advance(1)
    with pytest.raises(Conflict):
        await uses.change(ADMIN, version=0, document=OFF.wire(), reason="")
    (failed, done), _ = await audit.page(ADMIN, Search(kind="configuration"))
    assert (done.who, done.verb, done.outcome, done.reason) == ("root", "change", "allowed", "so")
    assert (done.before, done.after) == (Configuration().wire(), OFF.wire())
    assert (failed.outcome, failed.reason) == ("failed", "version_differs")


async def test_a_switch_takes_effect_within_a_second_in_every_process(house: House) -> None:
    here, there = (uses_of(house) for _ in range(2))
    await here.switches.require("deleteSessionHistory")
    await there.switches.require("deleteSessionHistory")
    await here.configurations.change(ADMIN, version=0, document=OFF.wire(), reason="")
    with pytest.raises(Forbidden) as refused:
        await here.switches.require("deleteSessionHistory")
    assert refused.value.precise_code == "switched_off"
    house.clock.advance(1)
    with pytest.raises(Forbidden):
        await there.switches.require("deleteSessionHistory")


async def test_a_kept_key_of_another_release_is_passed_over(house: House) -> None:
    uses = uses_of(house).configurations
    await uses.change(ADMIN, version=0, document=OFF.wire(), reason="")
    document = OFF.wire() | {"later": 1}
    key = Key("global", f"version#{1:012d}")
    values = {"configuration": json.dumps(document)}
    await house.tables.apply(Update(CONFIGURATION, key, values=values))
    assert (await uses.current(ADMIN)).configuration == OFF
