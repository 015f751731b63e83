"""Serves the built browser pages: one file per address, else the page that knows all addresses."""

import asyncio
import gzip
import json
import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from lisa.declared.pages import (
    ASSETS,
    CONFIG,
    FOREVER,
    INDEX,
    REVALIDATED,
    content_policy,
)

ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
NOT_BUILT: Final = "The browser pages are not built yet. Run `make setup`, then start LISA again.\n"
NO_FILE: Final = "There is no such file.\n"
WORTH_PACKING: Final = 1024


@dataclass(frozen=True)
class _File:
    """One file as it goes over the wire, packed once if that saves anything."""

    content: bytes
    packed: bytes
    media_type: str


@dataclass
class UiFiles:
    """An ASGI app over a folder of built pages; `config` is what `/config.json` says.

    `connect_to` are origins, besides their own, that the pages may ask; `logo` is shown by them
    and lies elsewhere.
    """

    root: Path | None
    config: Mapping[str, object]
    connect_to: Iterable[str] = ()
    logo: Path | None = None
    _assets: dict[str, _File] = field(default_factory=dict, init=False, repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        response = await self._answer(request)
        for name, value in ALWAYS.items():
            response.headers[name] = value
        response.headers["content-security-policy"] = content_policy(self.connect_to)
        if request.method == "HEAD":
            response.body = b""  # the headers, its length among them, stay those of GET
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = _path_below_mount(request)
        if request.method not in {"GET", "HEAD"}:
            return PlainTextResponse("Pages are only read.\n", 405, {"allow": "GET, HEAD"})
        if path == CONFIG:
            content = json.dumps(dict(self.config)).encode()
            return Response(content, 200, {"cache-control": "no-store"}, "application/json")
        if path.startswith(ASSETS):
            asset = await self._asset(path)
            return _file_response(request, asset, FOREVER) if asset else _plain(NO_FILE, 404)
        if self.logo and path == f"logo{self.logo.suffix}":
            logo = await asyncio.to_thread(_read, self.logo.parent, self.logo.name)
            return _file_response(request, logo, REVALIDATED) if logo else _plain(NO_FILE, 404)
        if file := await self._read(path or INDEX):
            return _file_response(request, file, REVALIDATED)
        return await self._page(request, path)

    async def _page(self, request: Request, path: str) -> Response:
        """Answer an address that only the browser's router knows."""
        wants_page = "text/html" in request.headers.get("accept", "")
        if "." in path.rpartition("/")[2] and not wants_page:
            return _plain(NO_FILE, 404)
        index = await self._read(INDEX)
        return _file_response(request, index, REVALIDATED) if index else _plain(NOT_BUILT, 503)

    async def _asset(self, path: str) -> _File | None:
        """Read an asset once: its name carries a hash of its content, so it never changes."""
        if path not in self._assets and (read := await self._read(path)):
            self._assets[path] = read
        return self._assets.get(path)

    async def _read(self, path: str) -> _File | None:
        if self.root is None:
            return None
        return await asyncio.to_thread(_read, self.root, path)


def _path_below_mount(request: Request) -> str:
    root_path: str = request.scope.get("root_path", "")
    path: str = request.scope["path"]
    return path.removeprefix(root_path).lstrip("/")


def _read(root: Path, path: str) -> _File | None:
    try:
        file = (root / path).resolve()
        if not file.is_relative_to(root.resolve()) or not file.is_file():
            return None
    except (OSError, ValueError):  # a name that no file can have
        return None
    content = file.read_bytes()
    media_type = _media_type(file)
    return _File(content, _packed(content, media_type), media_type)


def _media_type(file: Path) -> str:
    if file.suffix in {".js", ".mjs"}:  # some systems' own tables say otherwise
        return "text/javascript"
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _packed(content: bytes, media_type: str) -> bytes:
    is_text = media_type.startswith("text/") or media_type.endswith(("json", "svg+xml"))
    return gzip.compress(content, mtime=0) if is_text and len(content) > WORTH_PACKING else b""


def _file_response(request: Request, file: _File, cache_control: str) -> Response:
    headers = {"cache-control": cache_control, "vary": "accept-encoding"}
    content = file.content
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"], content = "gzip", file.packed
    return Response(content, 200, headers, file.media_type)


def _plain(message: str, status: int) -> Response:
    return PlainTextResponse(message, status, {"cache-control": "no-store"})
