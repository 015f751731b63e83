"""The `lisa` command: a client of LISA's HTTP API that also starts and stops a LISA here."""

import json
import sys
from collections.abc import Sequence
from typing import Final

import typer

from cli import (
    machine_commands,
    policy_commands,
    session_commands,
    token_commands,
    tool_commands,
    user_commands,
)
from cli.errors import document, render
from cli.grouping import add, group
from cli.models import (
    external,
    hosting,
    library,
    listing,
    looking,
    removing,
    running,
    scaling,
    schedule,
    timeline,
    upload,
)
from cli.rag import adding, changing, evaluating, making, searching
from cli.rag import listing as rag_listing
from lisa.domain.errors import LisaError

HELP: Final = """LISA: a team's own platform for large language models.

\b
For example:
  lisa up                         start it on this machine
  lisa token create --name ci     make a token for a program
  lisa user add alice --admin     make an account for a person
  lisa COMMAND --help             explain a command, with examples

What an option's help calls LISA_... may also be set in the environment, or in a file `.env` in
the current folder.
"""
MODELS: Final = """Models to call: those that run elsewhere, and those that LISA runs itself.

One that runs elsewhere is added, tested and removed. One that LISA runs is created from an engine
and weights, watched on its way, started, stopped, scaled, updated and deleted.
"""
RAG: Final = """Documents that are searched, and that models answer from.

Files are added to a collection, which is named REPOSITORY.COLLECTION; `local.default` is there
from the start on this machine.
"""


def build(asked: str = "") -> typer.Typer:
    """Return the command; its parts that deploy are slow to load, and only there where needed."""
    app = _every_day()
    names = [each.name for each in app.registered_commands]
    if asked not in [*names, *(each.name for each in app.registered_groups)]:
        from cli.deployment.commands import add_to  # noqa: PLC0415 - see above

        add_to(app)
    return app


def _every_day() -> typer.Typer:
    tokens = group("Make, list, rotate, disable and revoke tokens for programs.")
    add(tokens, "create", token_commands.create)
    add(tokens, "list", token_commands.list_all)
    add(tokens, "revoke", token_commands.revoke)
    add(tokens, "rotate", token_commands.rotate)
    add(tokens, "disable", token_commands.disable)
    add(tokens, "enable", token_commands.enable)
    users = group("Make, list, change and remove the accounts that people sign in with.")
    add(users, "add", user_commands.add)
    add(users, "list", user_commands.list_all)
    add(users, "passwd", user_commands.passwd)
    add(users, "groups", user_commands.groups)
    add(users, "disable", user_commands.disable)
    add(users, "enable", user_commands.enable)
    add(users, "remove", user_commands.remove)
    policy = group("Ask why somebody may or may not do something.")
    add(policy, "explain", policy_commands.explain)
    app = group(HELP)
    add(app, "up", machine_commands.up)
    add(app, "down", machine_commands.down)
    add(app, "status", machine_commands.status)
    add(app, "doctor", machine_commands.doctor)
    add(app, "login-url", machine_commands.login_url)
    app.add_typer(_models(), name="models")
    app.add_typer(_rag(), name="rag")
    app.add_typer(_tools(), name="tools")
    app.add_typer(_sessions(), name="sessions")
    app.add_typer(_prompts(), name="prompts")
    app.add_typer(tokens, name="token")
    app.add_typer(users, name="user")
    app.add_typer(policy, name="policy")
    add(app, "version", machine_commands.print_version)
    return app


def _models() -> typer.Typer:
    models = group(MODELS)
    add(models, "list", listing.list_all)
    add(models, "show", listing.show)
    add(models, "add", external.add)
    add(models, "test", external.try_out)
    add(models, "remove", removing.remove)
    add(models, "create", hosting.create)
    add(models, "update", hosting.update)
    add(models, "delete", removing.delete)
    add(models, "start", running.start)
    add(models, "stop", running.stop)
    add(models, "scale", scaling.scale)
    add(models, "schedule", schedule.schedule)
    add(models, "watch", timeline.watch)
    add(models, "replicas", looking.replicas)
    add(models, "logs", looking.logs)
    add(models, "engines", library.engines)
    add(models, "catalogue", library.catalogue)
    add(models, "upload", upload.upload)
    return models


def _rag() -> typer.Typer:
    rag = group(RAG)
    add(rag, "repositories", rag_listing.repositories)
    add(rag, "collections", rag_listing.collections)
    add(rag, "documents", rag_listing.documents)
    add(rag, "stores", making.stores)
    add(rag, "create", making.create)
    add(rag, "delete", making.delete)
    add(rag, "add", adding.add)
    add(rag, "remove", changing.remove)
    add(rag, "retry", changing.retry)
    add(rag, "search", searching.search)
    add(rag, "eval", evaluating.evaluate)
    add(rag, "runs", evaluating.runs)
    add(rag, "compare", evaluating.compare)
    return rag


def _sessions() -> typer.Typer:
    sessions = group("List, search, export and delete your chats.")
    add(sessions, "list", session_commands.list_all)
    add(sessions, "search", session_commands.search)
    add(sessions, "export", session_commands.export)
    add(sessions, "delete", session_commands.delete)
    return sessions


def _prompts() -> typer.Typer:
    prompts = group("List the prompts of the library.")
    add(prompts, "list", session_commands.list_prompts)
    return prompts


def _tools() -> typer.Typer:
    tools = group("List, add, test and remove the tool servers that chats can use.")
    add(tools, "list", tool_commands.list_all)
    add(tools, "add", tool_commands.add)
    add(tools, "test", tool_commands.try_out)
    add(tools, "remove", tool_commands.remove)
    return tools


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command; an expected failure is told in two lines, or as JSON if that was asked."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        asked = next((word for word in given if not word.startswith("-")), "")
        build(asked)(given, prog_name="lisa")
    except LisaError as error:
        code, text = render(error)
        typer.echo(json.dumps(document(error)) if "--json" in given else text, err=True)
        sys.exit(code)


if __name__ == "__main__":
    run()
