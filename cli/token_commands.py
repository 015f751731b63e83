"""The commands `lisa token ...`: what programs call LISA with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from textwrap import fill
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.client import lisa_of
from cli.expiry import expiry
from cli.given import given
from cli.limits import LIMITS, limits_of
from cli.options import Home, Json, Url
from cli.output import WIDTH, answer, note, table

HEADINGS = ("ID", "NAME", "GROUPS", "EXPIRES", "LAST USED")
TokenId = Annotated[str, typer.Argument(help="As `lisa token list` shows it.", metavar="ID")]
Scopes = Annotated[
    list[str] | None,
    typer.Option(
        help="What it is let into: control, inference, model:ID; can be repeated.", metavar="S"
    ),
]
Limits = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        help=f"How much it may do, one of {', '.join(LIMITS)}; can be repeated.",
        metavar="NAME=N",
    ),
]
Expires = Annotated[str, typer.Option(help="How long it lives: 12h, 90d, 8w, 1y.", metavar="TIME")]


def create(  # noqa: PLR0913 - one for each option
    *,
    name: Annotated[str, typer.Option(help="The program it is for.", metavar="N")],
    admin: Annotated[bool, typer.Option("--admin", help="It may do everything.")] = False,
    group: Annotated[
        list[str] | None,
        typer.Option(help="A group it belongs to; can be repeated.", metavar="G"),
    ] = None,
    owner: Annotated[
        str, typer.Option(help="The person it is for, whose groups it has.", metavar="USER")
    ] = "",
    scope: Scopes = None,
    limit: Limits = None,
    expires: Expires = "",
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Make a token and print it, this once.

    For example:
      lisa token create --name ci --expires 90d
      lisa token create --name nightly --group research --group eval
      lisa token create --name class --limit requests_per_minute=60 --limit budget_usd_per_day=5
      TOKEN=$(lisa token create --name script)
    """
    wanted = {
        "name": name,
        "owner": owner or None,
        "kind": "user" if owner else "service",
        "admin": admin,
        "groups": group or None,
        "scopes": scope or None,
        "limits": limits_of(limit or []),
        "expires": _until(expires),
    }
    made = lisa_of(given(home=home, url=url)).ask("POST", "/tokens", wanted)
    _show(made, as_json=as_json)


def list_all(
    *,
    owner: Annotated[str, typer.Option(help="Only those of this owner.", metavar="USER")] = "",
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """List tokens, newest first, without their secrets.

    For example:
      lisa token list
      lisa token list --owner ada --json
    """
    tokens = list(lisa_of(given(home=home, url=url)).every("/tokens", owner=owner))
    answer({"items": tokens}, "\n".join(_listed(tokens)), as_json=as_json)


def rotate(
    *,
    token_id: TokenId,
    overlap: Annotated[
        str, typer.Option(help="How long the former secret works on: 1h, 7d.", metavar="TIME")
    ] = "",
    expires: Expires = "",
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Give a token another secret and print it, this once.

    For example:
      lisa token rotate token_0123456789abcdef0123456789abcdef --overlap 7d
    """
    now = datetime.now(UTC)
    seconds = int((expiry(overlap, now) - now).total_seconds()) if overlap else 0
    wanted = {"overlap_seconds": seconds, "expires": _until(expires)}
    lisa = lisa_of(given(home=home, url=url))
    _show(lisa.ask("POST", f"{_path(token_id)}/rotate", wanted), as_json=as_json)


def disable(*, token_id: TokenId, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """Switch a token off: within a second its use is refused.

    For example:
      lisa token disable token_0123456789abcdef0123456789abcdef
    """
    changed = lisa_of(given(home=home, url=url)).ask("PATCH", _path(token_id), {"disabled": True})
    answer(changed, f"disabled {token_id}", as_json=as_json)


def enable(*, token_id: TokenId, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """Switch a token on again.

    For example:
      lisa token enable token_0123456789abcdef0123456789abcdef
    """
    changed = lisa_of(given(home=home, url=url)).ask("PATCH", _path(token_id), {"disabled": False})
    answer(changed, f"enabled {token_id}", as_json=as_json)


def revoke(
    *,
    token_id: TokenId,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Revoke a token: within a second its use is refused.

    For example:
      lisa token revoke token_0123456789abcdef0123456789abcdef
    """
    lisa_of(given(home=home, url=url)).ask("DELETE", _path(token_id))
    answer({"revoked": token_id}, f"revoked {token_id}", as_json=as_json)


def _listed(tokens: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each token and, where it has limits, what they are below it."""
    heading, *lines = table(HEADINGS, [_row(each) for each in tokens]).split("\n")
    yield heading
    for token, line in zip(tokens, lines, strict=False):
        yield line
        if limits := _limits(token):
            yield fill(f"limits: {limits}", WIDTH, initial_indent="  ", subsequent_indent="    ")


def _row(token: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        token["id"],
        token["name"],
        _groups(token),
        _ends(token),
        _day(token["last_used"]),
    )


def _limits(token: Mapping[str, Any]) -> str:
    set_ones = [f"{name}={most}" for name, most in token["limits"].items() if most is not None]
    return ", ".join(set_ones)


def _groups(token: Mapping[str, Any]) -> str:
    return ", ".join([*(["(admin)"] if token["admin"] else []), *token["groups"]]) or "-"


def _show(issued: Mapping[str, Any], *, as_json: bool) -> None:
    answer(issued, issued["token"], as_json=as_json)
    if not as_json:
        note(f"This is token {issued['id']}, expires: {_ends(issued)}. It is not shown again.")


def _path(token_id: str) -> str:
    return f"/tokens/{quote(token_id, safe='')}"


def _until(expires: str) -> str | None:
    return expiry(expires, datetime.now(UTC)).isoformat() if expires else None


def _ends(token: Mapping[str, Any]) -> str:
    return "disabled" if token["disabled"] else _day(token["expires"])


def _day(time: str | None) -> str:
    return time[:10] if time else "never"
