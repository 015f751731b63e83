"""How the values of settings are written into variables, and what makes them acceptable."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from lisa.declared.model_stack import Site
from lisa.declared.store_stack import StoreSite
from lisa.domain.hosting import HostKind
from lisa.domain.issuers import Issuer, all_distinct, is_http_url, is_safe_url


def from_json(value: object) -> object:
    """Read what stands in a variable; a file gives it as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError("is not JSON") from error


def origin_of(url: str) -> str:
    """Return an address without a path, as a browser names it."""
    if url and (not is_safe_url(url) or urlsplit(url).path.strip("/") or urlsplit(url).query):
        raise ValueError("must be like https://lisa.example.org (http:// only on loopback)")
    return url.rstrip("/")


def http_address(url: str) -> str:
    """Return an address that something can be called at."""
    if url and not is_http_url(url):
        raise ValueError("must be an http:// or https:// address without credentials")
    return url.rstrip("/")


Origin = Annotated[str, AfterValidator(origin_of)]
Origins = Annotated[tuple[Origin, ...], BeforeValidator(from_json)]
Issuers = Annotated[tuple[Issuer, ...], BeforeValidator(from_json), AfterValidator(all_distinct)]
Names = Annotated[tuple[str, ...], BeforeValidator(from_json)]
Machines = Annotated[Mapping[str, str], BeforeValidator(from_json)]
Where = Annotated[Site | None, BeforeValidator(from_json)]
StoreWhere = Annotated[StoreSite | None, BeforeValidator(from_json)]
BucketNames = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")], ...],
    BeforeValidator(from_json),
]
LocalHostKinds = Annotated[
    tuple[Literal[HostKind.PROCESSES, HostKind.SCRIPTED], ...], BeforeValidator(from_json)
]
Folders = Annotated[tuple[Path, ...], BeforeValidator(from_json)]
UsageDays = Annotated[int, Field(ge=1, le=3660)]
MostHeld = Annotated[int, Field(ge=1, le=100_000)]
