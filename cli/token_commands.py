"""The commands `lisa token ...`: what programs call LISA with."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.client import lisa_of
from cli.expiry import expiry
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import answer, note, table

HEADINGS = ("ID", "NAME", "GROUPS", "EXPIRES")


def create(
    *,
    name: Annotated[str, typer.Option(help="The program it is for.", metavar="N")],
    admin: Annotated[bool, typer.Option("--admin", help="It may do everything.")] = False,
    group: Annotated[
        list[str] | None,
        typer.Option(help="A group it belongs to; can be repeated.", metavar="G"),
    ] = None,
    expires: Annotated[
        str, typer.Option(help="How long it lives: 12h, 90d, 8w, 1y.", metavar="TIME")
    ] = "",
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Make a token and print it, this once.

    For example:
      lisa token create --name ci --expires 90d
      lisa token create --name nightly --group research --group eval
      TOKEN=$(lisa token create --name script)
    """
    until = expiry(expires, datetime.now(UTC)) if expires else None
    wanted = {
        "name": name,
        "admin": admin,
        "groups": group or [],
        "expires": until.isoformat() if until else None,
    }
    made = lisa_of(given(home=home, url=url)).ask("POST", "/tokens", wanted)
    answer(made, made["token"], as_json=as_json)
    if not as_json:
        note(f"This is token {made['id']}, expires: {_day(made)}. It is not shown again.")


def list_all(*, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """List tokens, newest first, without their secrets.

    For example:
      lisa token list
      lisa token list --json
    """
    tokens = list(lisa_of(given(home=home, url=url)).every("/tokens"))
    rows = [(each["id"], each["name"], _groups(each), _day(each)) for each in tokens]
    answer({"items": tokens}, table(HEADINGS, rows), as_json=as_json)


def revoke(
    *,
    token_id: Annotated[str, typer.Argument(help="As `lisa token list` shows it.", metavar="ID")],
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Revoke a token: its next use is refused.

    For example:
      lisa token revoke token_0123456789abcdef0123456789abcdef
    """
    lisa_of(given(home=home, url=url)).ask("DELETE", f"/tokens/{quote(token_id, safe='')}")
    answer({"revoked": token_id}, f"revoked {token_id}", as_json=as_json)


def _groups(token: Mapping[str, Any]) -> str:
    return ", ".join([*(["(admin)"] if token["admin"] else []), *token["groups"]]) or "-"


def _day(token: Mapping[str, Any]) -> str:
    return token["expires"][:10] if token["expires"] else "never"
