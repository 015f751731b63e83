"""Which addresses no upstream may have: there a machine in a cloud gets its own credentials."""

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from lisa.domain.errors import Invalid

METADATA: Final = frozenset(
    ip_address(each)
    for each in (
        "169.254.169.254",  # of an instance; several clouds have the same
        "169.254.170.2",  # of a task on ECS
        "169.254.170.23",  # of a pod on EKS
        "fd00:ec2::254",
        "fd00:ec2::23",
        "100.100.100.200",
    )
)
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # leads to the IPv4 address at its end


def is_metadata_address(address: str) -> bool:
    """Tell whether this is such an address, or any other of the link's own."""
    try:
        found = _plain(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return found.is_link_local or found in METADATA


def is_public_address(address: str) -> bool:
    """Tell whether this is an address of the whole internet, not one of a machine or a network."""
    try:
        found = _plain(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return found.is_global and not found.is_multicast and not is_metadata_address(address)


def refuse_metadata(url: str) -> None:
    """Raise `Invalid` where a URL names such an address, in whatever notation."""
    host = urlsplit(url).hostname or ""
    with suppress(OSError):
        host = socket.inet_ntoa(socket.inet_aton(host))  # 0xa9fea9fe and 2852039166 are one too
    if is_metadata_address(host):
        raise refused_address(host)


def refused_address(address: str) -> Invalid:
    """Say that an address is never called."""
    return Invalid(
        f"{address} is where a machine gets its own credentials; LISA never calls it",
        next_step="give the address of a model server",
        code="address_refused",
    )


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that is meant by one in IPv6's notation."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
