"""The commands `lisa user ...` against the real API over memory, on loopback."""

import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import anyio.from_thread
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.domain.identity import Principal
from lisa.http.app import create_app
from lisa.usecases.tokens import Wanted
from tests.local.test_cli import Lisa, Said, lisa, served
from tests.passwords import PASSWORDS

__all__ = ["lisa"]  # the fixture that runs a command
PASSWORD = "four words at random"
User = Callable[..., Said]


@pytest.fixture
def user(lisa: Lisa, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    """Run `lisa user ...` with this on standard input, against a LISA with accounts."""
    clock = SystemClock()
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), MemoryBlobs())
    services = assemble(ports, passwords=PASSWORDS)

    async def admin() -> str:
        assert services.identity
        root = Principal(subject="root", admin=True)
        issued = await services.identity.tokens.issue(root, Wanted(name="root", admin=True))
        return issued.secret

    with anyio.from_thread.start_blocking_portal() as portal:
        monkeypatch.setenv("LISA_TOKEN", portal.call(admin))

    def run(*arguments: str, typed: str = "") -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        return lisa("user", *arguments)

    with served(Starlette(routes=[Mount("/api", create_app(services))])) as url:
        monkeypatch.setenv("LISA_URL", url)
        yield run


def add(user: User, *arguments: str) -> Said:
    return user("add", *arguments, "--password-stdin", typed=f"{PASSWORD}\n")


def test_an_account_is_made_with_roles_and_groups(user: User) -> None:
    made = add(user, "alice", "--admin", "--rag-admin", "--group", "research")
    assert made.code == 0
    assert made.out == "made the account alice, groups: lisa-admin, lisa-rag-admin, research\n"
    assert PASSWORD not in made.out + made.err


def test_accounts_are_listed_for_people_and_for_programs(user: User) -> None:
    add(user, "bob")
    add(user, "alice", "--group", "research")
    lines = user("list").out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["NAME", "GROUPS", "STATE"],
        ["alice", "research", "enabled"],
        ["bob", "-", "enabled"],
    ]
    items = user("list", "--json").document["items"]
    assert isinstance(items, list)
    assert [each["name"] for each in items] == ["alice", "bob"]


def test_groups_are_shown_added_removed_and_set(user: User) -> None:
    add(user, "alice", "--group", "research")
    assert user("groups", "alice").out == "research\n"
    changed = user("groups", "alice", "--add", "eval", "--remove", "research")
    assert changed.out == "alice is in: eval\n"
    assert user("groups", "alice", "--set", "a, b").out == "alice is in: a, b\n"
    assert user("groups", "alice", "--set", "").out == "alice is in: -\n"


def test_an_account_is_disabled_enabled_and_removed(user: User) -> None:
    add(user, "alice")
    assert user("disable", "alice").out == "disabled alice\n"
    assert " disabled " in user("list").out
    assert user("enable", "alice", "--json").document["disabled"] is False
    assert user("remove", "alice").out == "removed alice\n"
    gone = user("disable", "alice")
    assert gone.code != 0
    assert "there is no account alice" in gone.err
    assert "lisa user list" in gone.err


def test_another_password_is_read_from_standard_input(user: User) -> None:
    add(user, "alice")
    changed = user("passwd", "alice", "--password-stdin", typed="another four words\n")
    assert changed.out == "changed alice's password\n"
    weak = user("passwd", "alice", "--password-stdin", "--json", typed="short\n")
    assert weak.code != 0
    assert "weak_password" in weak.err


def test_without_a_terminal_a_password_is_not_asked_for(user: User) -> None:
    refused = user("add", "alice")
    assert refused.code != 0
    assert "--password-stdin" in refused.err


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(user: User) -> None:
    assert user("list").code == 0
    keyboard, terminal = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "user", "add", "alice"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    assert running.stderr
    told = b""
    for _ in ("asked", "asked again"):
        said = b""
        while not said.endswith(b": "):
            said += os.read(running.stderr.fileno(), 1)
        told += said
        os.write(keyboard, f"{PASSWORD}\n".encode())
    out, rest = running.communicate(timeout=60)
    os.close(keyboard)
    os.close(terminal)
    assert (running.returncode, out) == (0, b"made the account alice, groups: -\n")
    assert PASSWORD.encode() not in told + rest
