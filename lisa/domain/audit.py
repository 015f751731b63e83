"""What was done or refused, by whom and from where; secrets never stand in it."""

import ipaddress
import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, JsonValue

MASK: Final = "***"
MAX_STATE_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 20
V6_NETWORK: Final = 64  # what one subscriber gets, so that changing addresses there gains nothing

SECRET_WORDS: Final = (
    "apikey",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "digest",
    "key",
    "keys",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "secret",
    "secrets",
    "token",
    "tokens",
)
NAMES_OF_SECRETS: Final = {"id", "ids"}  # `token_id` names a secret and is none
WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
SECRET_TEXT: Final = re.compile(
    r"lisa_[0-9A-Za-z]{16,}"
    r"|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*"
    r"|(?<=bearer )\s*\S{8,}|(?<=basic )\s*[\w+/=-]{8,}"
    r"|\b[0-9a-f]{64}\b"
    r"|\bsk-[\w-]{16,}"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)",
    re.IGNORECASE,
)


class Outcome(StrEnum):
    """How it ended."""

    ALLOWED = "allowed"
    DENIED = "denied"
    FAILED = "failed"


@dataclass(frozen=True)
class Circumstances:
    """From where a call came, and under which id it is logged."""

    ip: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class Deed:
    """What somebody did or tried; `before` and `after` are masked when it is recorded.

    `route` is what a path was matched by: there are only so many, whatever a caller asks for.
    """

    verb: str
    kind: str
    object_id: str = ""
    route: str = ""
    before: JsonValue = None
    after: JsonValue = None
    outcome: Outcome = Outcome.ALLOWED
    reason: str = ""


class Entry(BaseModel):
    """One line of the record. `how` is the id of a token or `session`; `count` is of equal ones."""

    model_config = ConfigDict(frozen=True)

    id: str
    when: datetime
    who: str = ""
    how: str = ""
    ip: str = ""
    verb: str
    kind: str
    object_id: str = ""
    outcome: Outcome
    reason: str = ""
    before: JsonValue = None
    after: JsonValue = None
    request_id: str = ""
    count: int = 1


def masked(value: JsonValue, depth: int = MAX_DEPTH) -> JsonValue:
    """Return the value with a mask for whatever its name or its look tells to be a secret."""
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, list | dict) and depth == 0:
        return MASK
    if isinstance(value, list):
        return [masked(each, depth - 1) for each in value]
    if isinstance(value, dict):
        secret = _labelled_secret(value)
        return {
            masked_text(name): MASK
            if _is_secret(name, each) or (secret and name.lower() == "value")
            else masked(each, depth - 1)
            for name, each in value.items()
        }
    return value


def masked_text(text: str) -> str:
    """Return the text with a mask for every token in it."""
    return SECRET_TEXT.sub(MASK, text)


def bounded(value: JsonValue) -> JsonValue:
    """Return the value, or its beginning if it is too long to be kept in every line about it."""
    text = json.dumps(value)
    if len(text) <= MAX_STATE_BYTES:
        return value
    return {"cut_from_bytes": len(text), "begins": text[:MAX_STATE_BYTES]}


def neighbourhood(ip: str) -> str:
    """Return what stands for everybody at this address: itself, or its network in IPv6."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped:
        return ip
    return str(ipaddress.ip_network((int(address), V6_NETWORK), strict=False))


def _labelled_secret(pair: dict[str, JsonValue]) -> bool:
    """Tell whether this is a secret in the shape `{"name": ..., "value": ...}`."""
    parts = {name.lower(): each for name, each in pair.items()}
    return any(_is_secret(parts.get(label), parts.get("value")) for label in ("name", "key"))


def _is_secret(name: JsonValue, value: JsonValue) -> bool:
    """Tell by its name; a truth value is none, and neither is a number of `tokens`."""
    if not isinstance(name, str) or value is None or isinstance(value, bool):
        return False
    words = [word.lower() for word in WORD.findall(name)]
    if not words or words[-1] in NAMES_OF_SECRETS:
        return False
    if isinstance(value, int | float) and "tokens" in words:
        return False
    return any(word.endswith(SECRET_WORDS) for word in words)
