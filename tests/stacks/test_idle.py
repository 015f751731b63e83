"""The idle deployment: what is billed for being there, to the cent; all else is paid by use."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from deployment.hourly import billed_by_time, unknown_types, usd_per_month, without_price
from tests.stacks.conftest import ROOT
from tests.stacks.resources import of_type
from tests.stacks.test_validators import strict_app

IDLE = ROOT / "config" / "idle.yaml"
PAGE = ROOT / "docs" / "operations" / "idle.md"
# What is billed by the hour or the month, by stack and resource: nothing.
BILLED: dict[tuple[str, str], float] = {}


@pytest.fixture(scope="module")
def idle(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> Mapping[str, Any]:
    return synthesise(read_config(IDLE))


def test_of_every_type_of_resource_it_is_known_whether_time_is_billed(
    idle: Mapping[str, Any],
) -> None:
    assert unknown_types(idle) == []


def test_what_is_billed_for_being_there_is_listed_with_its_price(idle: Mapping[str, Any]) -> None:
    billed = billed_by_time(idle)

    assert without_price(billed) == []
    assert {(each.stack, each.resource): each.usd_per_month for each in billed} == BILLED
    assert usd_per_month(billed) == sum(BILLED.values())


def test_its_page_tells_the_same_sum(idle: Mapping[str, Any]) -> None:
    sum_of_all = usd_per_month(billed_by_time(idle))

    assert f"the sum is ${sum_of_all:.2f} a month" in PAGE.read_text()


def test_tables_and_functions_are_paid_by_use_and_none_is_kept_warm(
    idle: Mapping[str, Any],
) -> None:
    tables = [
        table["Properties"]
        for template in idle.values()
        for kind in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
        for table in of_type(template, kind).values()
    ]

    assert {table["BillingMode"] for table in tables} == {"PAY_PER_REQUEST"}
    for kind in ("Alias", "Version"):
        assert not any(of_type(template, f"AWS::Lambda::{kind}") for template in idle.values())


def test_the_clocks_that_run_wake_functions_seldom(idle: Mapping[str, Any]) -> None:
    rates = [
        rule["Properties"]["ScheduleExpression"]
        for template in idle.values()
        for rule in of_type(template, "AWS::Events::Rule").values()
    ]

    assert rates == ["rate(10 minutes)"]  # the sweep; what looks after models isn't there


def test_pages_elsewhere_leave_nothing_unacknowledged(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    origins = '  origins: ["https://chat.example.org"]\n'
    config.write_text(
        IDLE.read_text().replace("  launch: function\n", f"  launch: function\n{origins}")
    )

    strict_app(tmp_path, config).synth()
