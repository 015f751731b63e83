"""What a tool server may be: who vouches for what, and what goes in no header."""

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlsplit

from lisa.domain.addresses import refuse_metadata
from lisa.domain.audit import masked
from lisa.domain.errors import Forbidden, Invalid
from lisa.domain.identity import Principal
from lisa.domain.issuers import is_http_url
from lisa.domain.policy import Verb, require
from lisa.domain.tool_server import ToolServer
from lisa.usecases.tool_server_access import as_thing

MOST_GROUPS: Final = 40
CALLERS_TOKEN: Final = "LISA_BEARER_TOKEN"  # noqa: S105 - what LISA 6 put a token in place of
OF_THE_PROTOCOL: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "last-event-id",
        "mcp-protocol-version",
        "mcp-session-id",
        "transfer-encoding",
        "upgrade",
    }
)


def refuse_unusable(server: ToolServer, caller: Principal) -> None:
    """Raise `Invalid` or `Forbidden` for a server that this caller can't have."""
    if server.groups:
        require(caller, Verb.SHARE, as_thing(server))
    if len(server.groups) > MOST_GROUPS:
        raise _wrong(f"groups: a server is shared with at most {MOST_GROUPS}", "share it with less")
    if server.transport == "stdio":
        _refuse_program(server, caller)
    else:
        _refuse_address(server)
    refuse_headers(server.headers)
    for name, value in server.headers.items():
        if masked({name: value}) != {name: value}:
            raise _wrong(f"headers: {name} bears a secret", "give it under `credentials`")


def refuse_headers(headers: Mapping[str, str]) -> None:
    """Raise `Invalid` for one that belongs to the protocol, or asks for its caller's token."""
    for name, value in headers.items():
        if name.lower() in OF_THE_PROTOCOL:
            raise _wrong(f"headers: {name} belongs to the protocol itself", "leave it out")
        if CALLERS_TOKEN in value:
            raise _wrong(
                f"headers: {name} asks for the token of whoever calls; LISA hands that to nobody",
                "give the server a credential of its own",
            )


def refuse_other_place(old: ToolServer, new: ToolServer, given: Collection[str]) -> None:
    """Raise `Invalid` where credentials would go to another place than they were given for."""
    moved = _place(old) != _place(new)
    stale = (old.credentials.keys() & new.credentials.keys()) - set(given)
    if moved and stale:
        raise Invalid(
            f"the credentials of {', '.join(sorted(stale))} were given for another address",
            next_step="give them again, or null to remove them",
            code="credentials_needed",
        )


def _place(server: ToolServer) -> tuple[str, ...]:
    parts = urlsplit(server.url)
    return (server.transport, parts.scheme, parts.netloc.lower(), *server.command)


def _refuse_program(server: ToolServer, caller: Principal) -> None:
    if not caller.admin:
        raise Forbidden(
            "only administrators can have tool servers that are programs",
            next_step="run it as a server of its own and give its address",
            code="not_allowed",
        )
    if not server.command or server.url or server.headers or server.credentials:
        raise _wrong("command: a stdio server has a command and nothing else", "give `command`")


def _refuse_address(server: ToolServer) -> None:
    if not is_http_url(server.url):
        raise _wrong("url: must be an http:// or https:// address without query or credentials",
                     "correct the address")  # fmt: skip
    if server.command:
        raise _wrong("command: only a stdio server has one", "leave it out")
    refuse_metadata(server.url)


def _wrong(message: str, next_step: str) -> Invalid:
    return Invalid(message, next_step=next_step, code="bad_tool_server")
