"""The commands `lisa tools ...`: the tool servers that chats can use."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

import typer

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.options import Home, Json
from cli.output import answer, note, table
from lisa.domain.errors import Invalid, LisaError

HEADINGS: Final = ("ID", "NAME", "OWNER", "SHARED WITH", "ANSWERS AT")
AUTHORIZATION: Final = "Authorization"

Server = Annotated[str, typer.Argument(help="A server's id, as listed.", metavar="ID")]
Elsewhere = Annotated[
    str,
    typer.Option(
        "--lisa",
        help="A LISA elsewhere (else LISA_URL); its token comes from LISA_TOKEN.",
        metavar="URL",
        show_default=False,
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(help="Share it with this group, or lisa:public; can be repeated.", metavar="G"),
]
Command = Annotated[
    list[str] | None,
    typer.Option(help="A program and its arguments, one each time.", metavar="WORD"),
]


def add(  # noqa: PLR0913 - one for each option
    *,
    name: Annotated[str, typer.Argument(help="What people call it.", metavar="NAME")],
    url: Annotated[str, typer.Option(help="Where it answers.", metavar="URL")] = "",
    sse: Annotated[bool, typer.Option("--sse", help="It speaks the older SSE.")] = False,
    command: Command = None,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Read its key; LISA keeps it as a secret.")
    ] = False,
    header: Annotated[
        str, typer.Option(help="The header that bears the key.", metavar="NAME")
    ] = AUTHORIZATION,
    group: Groups = None,
    description: Annotated[str, typer.Option(help="What people read of it.", metavar="TEXT")] = "",
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Add a tool server, and say which tools it has.

    For example:
      lisa tools add Maps --url https://maps.example.org/mcp
      lisa tools add Wiki --url https://wiki.example.org/mcp --key-stdin < key.txt
      lisa tools add Files --command npx --command some-mcp-server --group lisa:public
    """
    wanted = {
        "name": name,
        "description": description,
        "transport": _transport(url, sse=sse, command=command),
        "url": url,
        "command": command or [],
        "credentials": {header: _key(header)} if key_stdin else {},
        "groups": group or [],
    }
    lisa = lisa_of(given(home=home, url=elsewhere))
    made = lisa.ask("POST", "/tool-servers", wanted)
    answer(made, f"added {name} as {made['id']}", as_json=as_json)
    note(_tried(lisa, made["id"]))


def list_all(*, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False) -> None:
    """List your own tool servers and those shared with you.

    For example:
      lisa tools list
    """
    servers = list(lisa_of(given(home=home, url=elsewhere)).every("/tool-servers"))
    rows = [
        (
            each["id"],
            each["name"],
            each["owner"],
            ", ".join(each["groups"]) or "-",
            each["url"] or " ".join(each["command"]) or "-",
        )
        for each in servers
    ]
    answer({"items": servers}, table(HEADINGS, rows), as_json=as_json)


def try_out(
    *, server: Server, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False
) -> None:
    """Connect to a tool server, really, and say which tools it has.

    For example:
      lisa tools test ts_...
    """
    tried = lisa_of(given(home=home, url=elsewhere)).ask("POST", f"{_path(server)}/test")
    answer(tried, _tools_of(tried), as_json=as_json)


def remove(
    *, server: Server, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False
) -> None:
    """Remove a tool server, and the key that LISA kept for it.

    For example:
      lisa tools remove ts_...
    """
    lisa_of(given(home=home, url=elsewhere)).ask("DELETE", _path(server))
    answer({"removed": server}, f"removed {server}", as_json=as_json)


def _tried(lisa: Lisa, server: str) -> str:
    try:
        return _tools_of(lisa.ask("POST", f"{_path(server)}/test"))
    except LisaError as error:
        return f"but {error.message}\n  -> {error.next_step}"


def _transport(
    url: str, *, sse: bool, command: list[str] | None
) -> Literal["http", "sse", "stdio"]:
    if bool(url) == bool(command):
        raise Invalid("it is not said where the server is", next_step="give --url or --command")
    return "stdio" if command else "sse" if sse else "http"


def _key(header: str) -> str:
    key = sys.stdin.read().strip()
    if not key:
        raise Invalid("there is no key on standard input", next_step="pipe it in: ... < FILE")
    return f"Bearer {key}" if header == AUTHORIZATION and " " not in key else key


def _tools_of(tried: Mapping[str, Any]) -> str:
    lines = [f"it answers, after {tried['ms']} ms, and has {len(tried['tools'])} tools"]
    lines += [f"  {tool['name']}: {_first_line(tool['description'])}" for tool in tried["tools"]]
    return "\n".join(lines)


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "-")


def _path(server: str) -> str:
    return f"/tool-servers/{quote(server, safe='')}"
