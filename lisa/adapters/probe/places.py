"""From a URL to the addresses behind it, none of which may be one that nobody should call."""

import asyncio
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from lisa.domain.addresses import is_metadata_address, refused_address


@dataclass(frozen=True)
class Place:
    """One address of a host: a call goes there, whatever the name leads to a moment later."""

    url: str
    host: str  # as the `Host` header names it
    name: str  # as its certificate names it


async def places_of(url: str) -> list[Place]:
    """Return every address, or raise `Invalid` if one of them must not be called."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for address in addresses:
        if is_metadata_address(address):
            raise refused_address(address)
    return [
        Place(urlunsplit(parts._replace(netloc=_netloc(address, port))), parts.netloc, name)
        for address in addresses
    ]


def _netloc(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
