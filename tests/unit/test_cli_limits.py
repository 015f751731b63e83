"""Limits in a command are read, or refused by name."""

import pytest

from cli.limits import limits_of
from lisa.domain.errors import Invalid


def test_limits_are_read_by_their_names() -> None:
    read = limits_of(["requests_per_minute=60", "budget_usd_per_day=2.5", "tokens_per_month=9"])
    assert read == {"requests_per_minute": 60, "budget_usd_per_day": 2.5, "tokens_per_month": 9}
    assert limits_of([]) == {}


@pytest.mark.parametrize(
    "option", ["nope=1", "requests_per_minute", "requests_per_minute=0", "tokens_per_day=many"]
)
def test_what_is_no_limit_is_named(option: str) -> None:
    with pytest.raises(Invalid, match=option.partition("=")[0]):
        limits_of([option])
