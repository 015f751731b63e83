"""The ids of turns, and where their rows lie."""

import re
from typing import Final

from lisa.ports.table import Key
from lisa.stores.sessions.rows import partition

SESSION: Final = "s_"
TURN_ID: Final = re.compile(r"resp_([0-9A-Za-z]{1,64})_([0-9A-Za-z]{1,64})")


def turn_id(session_uid: str, random: str) -> str:
    """Name a turn of this session; `random` is an id of any prefix."""
    return f"resp_{session_uid.removeprefix(SESSION)}_{random.rpartition('_')[2]}"


def session_uid(turn: str) -> str:
    """Return the uid of the session that a turn of this id belongs to; nothing for no such id."""
    named = TURN_ID.fullmatch(turn)
    return f"{SESSION}{named[1]}" if named else ""


def head_key(turn: str) -> Key:
    """Return where the head lies."""
    return Key(partition(session_uid(turn)), f"turn#{turn}")


def asked_key(turn: str) -> Key:
    """Return where lies what was asked."""
    return Key(partition(session_uid(turn)), f"asked#{turn}")


def log_key(turn: str, first: int, piece: int = 0) -> Key:
    """Return where the batch lies that begins with this event, or a further piece of it."""
    more = f".{piece:02d}" if piece else ""
    return Key(partition(session_uid(turn)), f"log#{turn}#{first:012d}{more}")
