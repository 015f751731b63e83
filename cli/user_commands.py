"""The commands `lisa user ...`: the people who sign in to a LISA that keeps its own accounts."""

import sys
from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.client import lisa_of
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import answer, table
from lisa.domain.errors import Invalid

HEADINGS = ("NAME", "GROUPS", "STATE", "SINCE")
Name = Annotated[str, typer.Argument(help="As `lisa user list` shows it.", metavar="NAME")]
NewName = Annotated[
    str, typer.Argument(help="Lower-case letters, digits and . _ @ + -", metavar="NAME")
]
ByPipe = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, don't ask."),
]
More = Annotated[
    list[str] | None, typer.Option("--add", help="A group to join; can be repeated.", metavar="G")
]
Fewer = Annotated[
    list[str] | None,
    typer.Option("--remove", help="A group to leave; can be repeated.", metavar="G"),
]
Exactly = Annotated[
    str | None,
    typer.Option("--set", help="All groups, with commas between; '' for none.", metavar="G,G"),
]


def add(  # noqa: PLR0913 - one for each option
    *,
    name: NewName,
    admin: Annotated[bool, typer.Option("--admin", help="They may do everything.")] = False,
    rag_admin: Annotated[
        bool, typer.Option("--rag-admin", help="They look after repositories.")
    ] = False,
    group: Annotated[
        list[str] | None, typer.Option(help="A group they belong to; can be repeated.", metavar="G")
    ] = None,
    password_stdin: ByPipe = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Make an account; its password is asked for twice, or read from standard input.

    For example:
      lisa user add alice --admin
      lisa user add bob --group research --group eval
      lisa user add ci-tester --password-stdin < password.txt
    """
    now = given(home=home, url=url)
    roles = [now.local.admin_group] * admin + [now.local.rag_admin_group] * rag_admin
    lisa = lisa_of(now)
    wanted = {
        "name": name,
        "password": _password(by_pipe=password_stdin),
        "groups": [*roles, *(group or [])],
    }
    made = lisa.ask("POST", "/users", wanted)
    answer(made, f"made the account {name}, groups: {_groups(made)}", as_json=as_json)


def list_all(*, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """List accounts by name.

    For example:
      lisa user list
      lisa user list --json
    """
    users = list(lisa_of(given(home=home, url=url)).every("/users"))
    rows = [(each["name"], _groups(each), _state(each), each["created"][:10]) for each in users]
    answer({"items": users}, table(HEADINGS, rows), as_json=as_json)


def passwd(
    *,
    name: Name,
    password_stdin: ByPipe = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Give an account another password; all its sign-ins end.

    For example:
      lisa user passwd alice
      lisa user passwd alice --password-stdin < password.txt
    """
    lisa = lisa_of(given(home=home, url=url))
    wanted = {"password": _password(by_pipe=password_stdin)}
    answer(lisa.ask("PATCH", _path(name), wanted), f"changed {name}'s password", as_json=as_json)


def groups(
    *,
    name: Name,
    exactly: Exactly = None,
    more: More = None,
    fewer: Fewer = None,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Show or change an account's groups; its tokens follow within a second.

    For example:
      lisa user groups alice
      lisa user groups alice --add research --remove eval
      lisa user groups alice --set research,lisa-admin
    """
    lisa = lisa_of(given(home=home, url=url))
    user = lisa.ask("GET", _path(name))
    if exactly is None and not more and not fewer:
        return answer(user, _groups(user), as_json=as_json)
    first = user["groups"] if exactly is None else _listed(exactly)
    wanted = sorted({*first, *(more or [])} - {*(fewer or [])})
    body = {"groups": wanted, "version": user["version"]}
    changed = lisa.ask("PATCH", _path(name), body)
    return answer(changed, f"{name} is in: {_groups(changed)}", as_json=as_json)


def disable(*, name: Name, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """Keep somebody out: sign-ins end, and their own tokens are refused within a second.

    Tokens for programs stay, whoever made them; see `lisa token list`.

    For example:
      lisa user disable alice
    """
    changed = lisa_of(given(home=home, url=url)).ask("PATCH", _path(name), {"disabled": True})
    answer(changed, f"disabled {name}", as_json=as_json)


def enable(*, name: Name, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """Let somebody in again; their own tokens work again too.

    For example:
      lisa user enable alice
    """
    changed = lisa_of(given(home=home, url=url)).ask("PATCH", _path(name), {"disabled": False})
    answer(changed, f"enabled {name}", as_json=as_json)


def remove(*, name: Name, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """Remove an account. Within a second its own tokens are refused, for ever.

    Sessions stay under the name: whoever gets it next finds them. Delete them first, or don't
    give the name again.

    For example:
      lisa user remove alice
    """
    lisa_of(given(home=home, url=url)).ask("DELETE", _path(name))
    answer({"removed": name}, f"removed {name}", as_json=as_json)


def _password(*, by_pipe: bool) -> str:
    """Read a password; never from the arguments, which every process on the machine can see."""
    if by_pipe:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Invalid(
            "there is no terminal to ask for the password on",
            next_step="give --password-stdin, and the password on standard input",
        )
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return asked


def _listed(text: str) -> Iterable[str]:
    return [name for each in text.split(",") if (name := each.strip())]


def _groups(user: Mapping[str, Any]) -> str:
    return ", ".join(user["groups"]) or "-"


def _state(user: Mapping[str, Any]) -> str:
    return "disabled" if user["disabled"] else "enabled"


def _path(name: str) -> str:
    return f"/users/{quote(name, safe='')}"
