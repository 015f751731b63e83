"""The browser of `tests/e2e`, for the long proofs that need one."""

import pytest

from tests.e2e.conftest import (
    base_url,
    browser_context_args,
    browser_type_launch_args,
    lisa,
    page,
    signed_in,
)

__all__ = [
    "base_url",
    "browser_context_args",
    "browser_type_launch_args",
    "lisa",
    "page",
    "signed_in",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that use a browser come last: it leaves an event loop running in this process."""
    items.sort(key=lambda item: "page" in getattr(item, "fixturenames", ()))
