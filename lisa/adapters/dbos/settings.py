"""What the worker and those who give it work must agree on."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

DATABASE: Final = "dbos_sys"  # beside our own, in the same server
APPLICATION: Final = "lisa"
CARRY_OUT: Final = "carry_out"
QUEUE: Final = "workflows"
# A worker goes on only with runs of its own version: raise it when old runs must not be resumed.
VERSION: Final = "1"


def system_url(connection: Mapping[str, Any]) -> str:
    """Return the URL of our runs' database; `connection` are libpq's own words for the server."""
    user, password = quote(connection.get("user", "")), connection.get("password")
    login = f"{user}:{quote(password, safe='')}" if password else user
    query = urlencode({key: connection[key] for key in ("host", "port") if connection.get(key)})
    return f"postgresql://{login}@/{DATABASE}?{query}"
