"""`lisa tools ...`, over real HTTP to a real API and a real tool server."""

import io

import pytest

from tests.local.test_cli import Lisa, api, here, lisa
from tests.standins.tool_server.server import tool_server

__all__ = ["api", "here", "lisa"]

pytestmark = pytest.mark.usefixtures("here")


def test_a_server_is_added_listed_tested_and_removed(lisa: Lisa) -> None:
    with tool_server() as url:
        added = lisa("tools", "add", "Maps", "--url", url, "--group", "lisa:public")
        assert added.code == 0, added.err
        assert "add: Add two numbers." in added.err
        server = added.out.split()[-1]
        listed = lisa("tools", "list")
        assert server in listed.out
        assert "lisa:public" in listed.out
        tried = lisa("tools", "test", server)
        assert (tried.code, "has 6 tools" in tried.out) == (0, True)
    gone = lisa("tools", "test", server)
    assert (gone.code, "nothing listens" in gone.err) == (3, True)
    assert lisa("tools", "remove", server).out == f"removed {server}\n"
    assert lisa("tools", "list", "--json").document == {"items": []}


def test_a_key_is_read_and_not_shown(
    lisa: Lisa,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a-key-of-no-known-form\n"))
    with tool_server() as url:
        added = lisa("tools", "add", "Wiki", "--url", url, "--key-stdin", "--json")
    assert added.document["credentials"] == ["Authorization"]
    assert "a-key-of-no-known-form" not in added.out + added.err


def test_one_says_where_a_server_is(lisa: Lisa) -> None:
    for arguments in ((), ("--url", "https://a.example.org", "--command", "x")):
        refused = lisa("tools", "add", "Nowhere", *arguments)
        assert (refused.code, "--url or --command" in refused.err) == (1, True)
