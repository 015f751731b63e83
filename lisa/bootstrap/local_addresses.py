"""Under which addresses the local profile is known to browsers."""

from typing import Final
from urllib.parse import urlsplit

from lisa.declared.settings import LocalSettings

EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - told apart, not listened on
DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def own_origins(settings: LocalSettings) -> frozenset[str]:
    """Return the pages that are ours, by the names a browser may know them by."""
    hosts = ("127.0.0.1", "localhost", settings.host)
    plain = {origin_of(f"http://{host}:{settings.port}") for host in hosts}
    return frozenset(plain | ({origin_of(settings.public_url)} if settings.public_url else set()))


def own_address(settings: LocalSettings) -> str:
    """Return where the app answers on this machine."""
    host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    return origin_of(f"http://{host}:{settings.port}")


def public_address(settings: LocalSettings) -> str:
    """Return under which address browsers are told to come."""
    return origin_of(settings.public_url) if settings.public_url else own_address(settings)


def origin_of(url: str) -> str:
    """Return the origin of an address as browsers write it."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = parts.port in {None, DEFAULT_PORTS.get(parts.scheme)}
    return f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}")
