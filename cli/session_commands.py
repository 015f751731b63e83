"""The commands `lisa sessions ...` and `lisa prompts ...`: one's own chats and prompt library."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from cli.client import lisa_of
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import answer, note, table

HEADINGS: Final = ("ID", "CHANGED", "ITEMS", "NAME")
FOUND: Final = ("SESSION", "ITEM", "WHAT IT SAYS")
PROMPT_HEADINGS: Final = ("ID", "TYPE", "VERSION", "TITLE")
SessionId = Annotated[str, typer.Argument(help="As `lisa sessions list` shows it.", metavar="ID")]


def list_all(*, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """List your sessions, last changed first.

    For example:
      lisa sessions list
      lisa sessions list --json
    """
    sessions = list(lisa_of(given(home=home, url=url)).every("/sessions"))
    rows = [
        (each["id"], str(each["updated"])[:16], str(each["item_count"]), _title(each))
        for each in sessions
    ]
    answer({"items": sessions}, table(HEADINGS, rows), as_json=as_json)


def search(
    *,
    words: Annotated[str, typer.Argument(help="What is looked for.", metavar="WORDS")],
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Find the sessions whose names or messages have all these words.

    For example:
      lisa sessions search "quarterly report"
    """
    lisa = lisa_of(given(home=home, url=url))
    hits: list[Mapping[str, Any]] = []
    cursor = ""
    while True:
        page = lisa.ask("GET", "/sessions", q=words, limit="100", cursor=cursor)
        hits += page["hits"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    rows = [(each["session_id"], each["item_id"] or "-", each["snippet"]) for each in hits]
    answer({"hits": hits}, table(FOUND, rows), as_json=as_json)


def export(*, session_id: SessionId, home: Home = None, url: Url = "") -> None:
    """Print a whole session as JSON.

    For example:
      lisa sessions export session_0123456789abcdef0123456789abcdef > chat.json
    """
    lisa = lisa_of(given(home=home, url=url))
    whole = lisa.ask("GET", f"{_path(session_id)}/export")
    while whole["next_cursor"]:
        page = lisa.ask("GET", f"{_path(session_id)}/export", cursor=whole["next_cursor"])
        whole["items"] += page["items"]
        whole["next_cursor"] = page["next_cursor"]
    answer(whole, "", as_json=True)


def delete(*, session_id: SessionId, home: Home = None, url: Url = "") -> None:
    """Delete a session and everything in it.

    For example:
      lisa sessions delete session_0123456789abcdef0123456789abcdef
    """
    lisa_of(given(home=home, url=url)).ask("DELETE", _path(session_id))
    note(f"{session_id} is deleted")


def list_prompts(
    *,
    shared: Annotated[
        bool, typer.Option("--shared", help="Those shared with you in place of your own.")
    ] = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """List the prompts of the library.

    For example:
      lisa prompts list
      lisa prompts list --shared
    """
    whose = "shared" if shared else "mine"
    prompts = list(lisa_of(given(home=home, url=url)).every("/prompts", whose=whose))
    rows = [(each["id"], each["type"], str(each["version"]), each["title"]) for each in prompts]
    answer({"items": prompts}, table(PROMPT_HEADINGS, rows), as_json=as_json)


def _title(session: Mapping[str, Any]) -> str:
    return " ".join(str(session["name"] or session["first_message"] or "-").split())


def _path(session_id: str) -> str:
    return f"/sessions/{quote(session_id, safe='')}"
