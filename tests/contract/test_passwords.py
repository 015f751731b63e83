"""Passwords kept by argon2id can be known again and nothing else."""

import asyncio

import pytest

from lisa.adapters.argon2.passwords import Argon2Passwords
from tests.passwords import PASSWORDS

PASSWORD = "correct horse battery"


async def test_at_its_full_cost_a_password_is_known_again() -> None:
    passwords = Argon2Passwords()
    kept = await passwords.kept(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.is_same(kept, PASSWORD)
    assert not await passwords.is_same(kept, PASSWORD + "!")


async def test_what_is_kept_shows_nothing_and_differs_each_time() -> None:
    first, second = [await PASSWORDS.kept(PASSWORD) for _ in range(2)]
    assert first != second
    assert PASSWORD not in first


@pytest.mark.parametrize(
    "kept",
    ["", "plain", PASSWORD, "$argon2id$v=19$m=8,t=1,p=1$torn", "$2b$12$" + "a" * 53, "\ud800"],
)
async def test_what_we_did_not_write_is_nobodys_password(kept: str) -> None:
    assert not await PASSWORDS.is_same(kept, PASSWORD)


@pytest.mark.parametrize("password", ["pässwörter 🔑", "a\x00b" * 4, "\ud800" * 10, " " * 12])
async def test_any_text_can_be_a_password(password: str) -> None:
    kept = await PASSWORDS.kept(password)
    assert await PASSWORDS.is_same(kept, password)
    assert not await PASSWORDS.is_same(kept, password.replace("\x00", "") + "x")


async def test_the_event_loop_goes_on_while_passwords_are_kept() -> None:
    work = asyncio.gather(*(Argon2Passwords().kept(PASSWORD) for _ in range(3)))
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > len(await work)
