"""How to connect to a Postgres elsewhere, by its address."""

from typing import Final
from urllib.parse import unquote, urlsplit

from psycopg.conninfo import make_conninfo

from lisa.domain.addresses import LOOPBACK
from lisa.domain.errors import Invalid

PORT: Final = 5432


def conninfo_of(address: str, name: str, password: str) -> str:
    """Return it for `HOST[:PORT]/DATABASE`; what leaves this machine is encrypted.

    Where `PGSSLROOTCERT` names certificates, the server's is checked against them, too.
    """
    parts = urlsplit(f"//{address}")
    try:
        host, port, database = parts.hostname, parts.port or PORT, unquote(parts.path.strip("/"))
    except ValueError as error:
        raise _not_an_address(address) from error
    if not host or not database or parts.username or parts.query or parts.fragment:
        raise _not_an_address(address)
    return make_conninfo(
        host=host,
        port=port,
        dbname=database,
        user=name,
        password=password,
        sslmode="prefer" if host in LOOPBACK else "require",
    )


def _not_an_address(address: str) -> Invalid:
    return Invalid(
        f"{address[:80]!r} is no address of a Postgres database",
        next_step="write it as HOST:PORT/DATABASE, without a login",
    )
