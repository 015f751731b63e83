"""Which addresses a tool server's name leads to, and whether its owner may have them called."""

import asyncio
import socket
from dataclasses import dataclass

import httpx2

from lisa.domain.addresses import is_metadata_address, is_public_address
from lisa.domain.errors import Forbidden


@dataclass(frozen=True)
class Place:
    """One address of a host: a call goes there, whatever the name leads to a moment later."""

    address: str
    name: str  # as its certificate names it

    def of(self, url: httpx2.URL) -> httpx2.URL:
        """Return the URL with the address in place of the name."""
        return url.copy_with(host=self.address)


async def places_of(url: httpx2.URL, *, vouched_for: bool) -> list[Place]:
    """Return every address; raise `Forbidden` if one of them must not be called.

    An administrator vouches for a private one; nobody can for one of a machine's own credentials.
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for address in addresses:
        if is_metadata_address(address):
            raise _refused(f"{url.host} leads to where a machine gets its own credentials")
        if not vouched_for and not is_public_address(address):
            raise _refused(f"{url.host} leads to a private address")
    return [Place(address, url.host) for address in addresses]


def _refused(why: str) -> Forbidden:
    return Forbidden(
        f"LISA doesn't call this tool server: {why}",
        next_step="give it a public address, or ask an administrator to add it",
        code="address_refused",
    )
