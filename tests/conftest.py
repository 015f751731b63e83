"""What holds for all tests: nothing in this process talks to another machine."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set pytest-socket's options before it reads them, and name our one marker."""
    config.option.allow_hosts = "127.0.0.1,::1,localhost"
    config.option.allow_unix_socket = True
    config.addinivalue_line("markers", "slow: left out by `make test-fast`, run by `make test`")
