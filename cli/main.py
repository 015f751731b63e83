"""The `lisa` command: a client of LISA's HTTP API that also starts and stops a LISA here."""

import inspect
import json
import sys
from collections.abc import Callable, Sequence
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
HELP_OPTIONS: Final = {"help_option_names": ["-h", "--help"]}
EXAMPLES: Final = "For example:\n"
KEEP_LINES: Final = "\b\n"


def build() -> typer.Typer:
    """Return the command with all its parts."""
    tokens = _group("Make, list, rotate, disable and revoke tokens for programs.")
    _add(tokens, "create", token_commands.create)
    _add(tokens, "list", token_commands.list_all)
    _add(tokens, "revoke", token_commands.revoke)
    _add(tokens, "rotate", token_commands.rotate)
    _add(tokens, "disable", token_commands.disable)
    _add(tokens, "enable", token_commands.enable)
    users = _group("Make, list, change and remove the accounts that people sign in with.")
    _add(users, "add", user_commands.add)
    _add(users, "list", user_commands.list_all)
    _add(users, "passwd", user_commands.passwd)
    _add(users, "groups", user_commands.groups)
    _add(users, "disable", user_commands.disable)
    _add(users, "enable", user_commands.enable)
    _add(users, "remove", user_commands.remove)
    policy = _group("Ask why somebody may or may not do something.")
    _add(policy, "explain", policy_commands.explain)
    app = _group(HELP)
    _add(app, "up", machine_commands.up)
    _add(app, "down", machine_commands.down)
    _add(app, "status", machine_commands.status)
    _add(app, "doctor", machine_commands.doctor)
    _add(app, "login-url", machine_commands.login_url)
    app.add_typer(_models(), name="models")
    app.add_typer(_rag(), name="rag")
    app.add_typer(_tools(), name="tools")
    app.add_typer(_sessions(), name="sessions")
    app.add_typer(_prompts(), name="prompts")
    app.add_typer(tokens, name="token")
    app.add_typer(users, name="user")
    app.add_typer(policy, name="policy")
    _add(app, "version", machine_commands.print_version)
    return app


def _models() -> typer.Typer:
    models = _group(MODELS)
    _add(models, "list", listing.list_all)
    _add(models, "show", listing.show)
    _add(models, "add", external.add)
    _add(models, "test", external.try_out)
    _add(models, "remove", removing.remove)
    _add(models, "create", hosting.create)
    _add(models, "update", hosting.update)
    _add(models, "delete", removing.delete)
    _add(models, "start", running.start)
    _add(models, "stop", running.stop)
    _add(models, "scale", scaling.scale)
    _add(models, "schedule", schedule.schedule)
    _add(models, "watch", timeline.watch)
    _add(models, "replicas", looking.replicas)
    _add(models, "logs", looking.logs)
    _add(models, "engines", library.engines)
    _add(models, "catalogue", library.catalogue)
    _add(models, "upload", upload.upload)
    return models


def _rag() -> typer.Typer:
    rag = _group(RAG)
    _add(rag, "repositories", rag_listing.repositories)
    _add(rag, "collections", rag_listing.collections)
    _add(rag, "documents", rag_listing.documents)
    _add(rag, "stores", making.stores)
    _add(rag, "create", making.create)
    _add(rag, "delete", making.delete)
    _add(rag, "add", adding.add)
    _add(rag, "remove", changing.remove)
    _add(rag, "retry", changing.retry)
    _add(rag, "search", searching.search)
    _add(rag, "eval", evaluating.evaluate)
    _add(rag, "runs", evaluating.runs)
    _add(rag, "compare", evaluating.compare)
    return rag


def _sessions() -> typer.Typer:
    sessions = _group("List, search, export and delete your chats.")
    _add(sessions, "list", session_commands.list_all)
    _add(sessions, "search", session_commands.search)
    _add(sessions, "export", session_commands.export)
    _add(sessions, "delete", session_commands.delete)
    return sessions


def _prompts() -> typer.Typer:
    prompts = _group("List the prompts of the library.")
    _add(prompts, "list", session_commands.list_prompts)
    return prompts


def _tools() -> typer.Typer:
    tools = _group("List, add, test and remove the tool servers that chats can use.")
    _add(tools, "list", tool_commands.list_all)
    _add(tools, "add", tool_commands.add)
    _add(tools, "test", tool_commands.try_out)
    _add(tools, "remove", tool_commands.remove)
    return tools


def _group(text: str) -> typer.Typer:
    return typer.Typer(
        help=text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,  # it can show what variables hold, tokens among them
        context_settings=HELP_OPTIONS,
    )


def _add(group: typer.Typer, name: str, command: Callable[..., None]) -> None:
    """Add a command; its docstring is its help, with examples that keep their lines."""
    text = inspect.getdoc(command) or ""
    group.command(name, help=text.replace(EXAMPLES, KEEP_LINES + EXAMPLES))(command)


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command; an expected failure is told in two lines, or as JSON if that was asked."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        build()(given, prog_name="lisa")
    except LisaError as error:
        code, text = render(error)
        typer.echo(json.dumps(document(error)) if "--json" in given else text, err=True)
        sys.exit(code)


if __name__ == "__main__":
    run()
