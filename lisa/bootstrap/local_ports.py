"""The local profile's adapters, for each of its processes."""

import hmac
import secrets
from pathlib import Path

from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.postgres.connections import Pool
from lisa.adapters.postgres.schema import create_tables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.local_addresses import public_address
from lisa.declared.home import FILES, SECRET
from lisa.declared.settings import LocalSettings
from lisa.declared.tables import LOCAL_TABLES


async def local_ports(settings: LocalSettings, pool: Pool) -> tuple[ContentPorts, FileBlobs]:
    """Choose the local adapters, and make the tables where there are none."""
    async with pool.connection() as connection:
        await create_tables(connection, LOCAL_TABLES)
    clock = SystemClock()
    blobs = FileBlobs(
        settings.home / FILES,
        _secret(settings.home / SECRET),
        clock,
        public_address(settings),
    )
    return ContentPorts(PostgresTables(pool, clock), clock, RandomIds(), blobs), blobs


def passes_secret(settings: LocalSettings) -> bytes:
    """Return the key of this home that signs passes, by which its own processes call the gateway.

    It is made of the one that signs links, whose holders get nothing signed but links.
    """
    return hmac.new(_secret(settings.home / SECRET), b"passes", "sha256").digest()


def text_of(path: Path) -> str:
    """Return what a file of a home says; nothing where there is none."""
    return path.read_text().strip() if path.exists() else ""


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text + "\n")
    draft.replace(path)


def _secret(path: Path) -> bytes:
    """Return the key that signs file links; made once per home."""
    if not text_of(path):
        write_private(path, secrets.token_hex(32))
    return bytes.fromhex(text_of(path))
