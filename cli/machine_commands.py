"""The commands for the LISA on this machine: up, down, status, doctor, login-url, version."""

import os
import shlex
import shutil
import sys
import time
import webbrowser
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.checks import examine
from cli.client import API, Lisa, lisa_of, version_at
from cli.detection import known_places, offers, servers_here
from cli.errors import FAILED, render
from cli.given import Given, given, settled
from cli.models.listing import every_model
from cli.options import Home, Json, Port, Url
from cli.output import answer, note, pairs
from cli.running import state_of, stop, supervisor_of
from cli.starting import detach, stay
from lisa.declared.home import CLI_TOKEN, State
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import Invalid, LisaError

NOT_RUNNING: Final = 3


def up(
    *,
    port: Port = None,
    home: Home = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    detached: Annotated[
        bool, typer.Option("--detach", help="Return when LISA answers; it goes on running.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Start LISA on this machine.

    It stays in the foreground, where Ctrl-C stops everything cleanly.

    For example:
      lisa up                                stay in the foreground, open the browser
      lisa up --port 9000 --home ~/try       a second LISA beside the first
      lisa up --port 0 --detach --json       for scripts: any free port, told as JSON
    """
    if as_json and not detached:
        raise Invalid("in the foreground there is no one answer", next_step="add --detach")
    us = given(home=home, port=port)
    begun = time.monotonic()
    if detached:
        state = detach(us.local)
        _tell(us, state, begun, as_json=as_json)
        _offer(us, state, as_json=as_json)
        return
    wants_browser = not no_browser and _has_display()

    def when_ready(state: State) -> None:
        try:
            link = _tell(us, state, begun, as_json=False)
            if wants_browser:
                webbrowser.open(link)
            _offer(us, state, as_json=False)
        except LisaError as error:
            note(render(error)[1])

    raise typer.Exit(stay(us.local, when_ready))


def down(*, home: Home = None, as_json: Json = False) -> None:
    """Stop LISA on this machine, and wait for its end.

    For example:
      lisa down
      lisa down --home ~/try
    """
    us = given(home=home)
    pid = stop(us.home)
    said = f"stopped process {pid}" if pid else "was not running"
    answer({"stopped": pid}, f"LISA on {us.home} {said}", as_json=as_json)


def status(*, home: Home = None, as_json: Json = False) -> None:
    """Tell whether LISA runs, where, and where its data lies.

    Ends with 0 if it answers, 1 if it runs but doesn't answer, 3 if it doesn't run.

    For example:
      lisa status
      lisa status --json | python -c 'import json, sys; print(json.load(sys.stdin)["url"])'
    """
    us = given(home=home)
    pid, state = supervisor_of(us.home), state_of(us.home)
    found = version_at(state.url) if state else None
    document = {
        "running": pid is not None,
        "answers": found is not None,
        "home": str(us.home),
        "pid": pid,
        "url": state.url if state else None,
        "version": found,
        "data": str(state.data) if state else None,
        "runs": ", ".join(state.runs) if state else None,
        "started": state.started.isoformat() if state else None,
    }
    rows = [(name, _said(value)) for name, value in document.items()]
    answer(document, pairs(rows), as_json=as_json)
    if found is None:
        raise typer.Exit(FAILED if pid else NOT_RUNNING)


def doctor(*, port: Port = None, home: Home = None, as_json: Json = False) -> None:
    """Check what LISA needs, and say how to mend it.

    Ends with 1 if something has to be mended.

    For example:
      lisa doctor
      lisa doctor --port 9000 --home ~/try
    """
    local, problem = _readable_settings(home, port)
    checks = examine(local, problem)
    document = {
        "well": all(check.is_well for check in checks),
        "checks": [
            {"name": each.name, "well": each.is_well, "found": each.found, "mend": each.mend}
            for each in checks
        ],
    }
    lines = []
    for each in checks:
        lines.append(f"{'ok' if each.is_well else 'MEND':<5} {each.name:<14} {each.found}")
        lines += [] if each.is_well else [f"{'':<20} -> {each.mend}"]
    answer(document, "\n".join(lines), as_json=as_json)
    if not document["well"]:
        raise typer.Exit(FAILED)


def login_url(*, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """Print a link that signs a browser in, once.

    It has to be opened within ten minutes.

    For example:
      lisa login-url
      LISA_TOKEN=... lisa login-url --url https://lisa.example.org
    """
    link = _sign_in(lisa_of(given(home=home, url=url)))
    answer(link, link["url"], as_json=as_json)


def print_version(*, as_json: Json = False) -> None:
    """Print the version of this command.

    `lisa status` shows that of the LISA that runs.
    """
    try:
        found = version("lisa")
    except PackageNotFoundError:  # run from a checkout that was never installed
        found = "0"
    answer({"version": found}, found, as_json=as_json)


def _tell(us: Given, state: State, begun: float, *, as_json: bool) -> str:
    """Say all that one needs to begin; return the link that signs in."""
    took = time.monotonic() - begun
    link: str = _sign_in(lisa_of(Given(us.local, url="", token="")))["url"]
    token = f"$(cat {shlex.quote(str(us.home / CLI_TOKEN))})"
    curl = f'curl -H "Authorization: Bearer {token}" {state.url}{API}/sessions'
    document = {
        "url": state.url,
        "home": str(us.home),
        "data": str(state.data),
        "runs": list(state.runs),
        "pid": state.pid,
        "sign_in": link,
        "curl": curl,
        "seconds": round(took, 1),
    }
    rows = [
        ("runs", ", ".join(state.runs)),
        ("data", state.data),
        ("sign in", link),
        ("", f"(once, within ten minutes; `{_program()} login-url` makes another link)"),
        ("try it", curl),
        ("stop it", f"{_program()} down --home {shlex.quote(str(us.home))}"),
    ]
    heading = f"LISA answers at {state.url} after {took:.1f} s"
    answer(document, f"{heading}\n{pairs(rows)}", as_json=as_json)
    return link


def _offer(us: Given, state: State, *, as_json: bool) -> None:
    """Tell a person which models are near by, and how to add them."""
    if as_json:
        return
    near = servers_here(state.port)
    try:
        known = known_places(every_model(lisa_of(Given(us.local, url="", token=""))))
    except LisaError as error:
        note(render(error)[1])
        return
    if lines := offers(near, os.environ, known, _program()):
        note("\n".join(["models near by that LISA can use:", *lines]))


def _sign_in(lisa: Lisa) -> dict[str, Any]:
    made = lisa.ask("POST", "/sign-in/codes")
    return {"url": f"{lisa.url}/#sign-in={made['code']}", "expires": made["expires"]}


def _program() -> str:
    """Return how to call this command again, which may not be on PATH."""
    found = shutil.which("lisa")
    called = Path(sys.argv[0])
    is_on_path = found is not None and Path(found).resolve() == called.resolve()
    return "lisa" if is_on_path or called.name != "lisa" else shlex.quote(str(called))


def _has_display() -> bool:
    return sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def _readable_settings(
    home: Path | None, port: int | None
) -> tuple[LocalSettings, LisaError | None]:
    """Return the settings; where they are wrong, what holds without them, and the problem."""
    try:
        return given(home=home, port=port).local, None
    except Invalid as problem:
        chosen = {"home": home or os.environ.get("LISA_HOME") or None, "port": port}
        options = {name: value for name, value in chosen.items() if value is not None}
        return settled(LocalSettings.model_validate(options)), problem


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
