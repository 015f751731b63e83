"""How commands are put together: every group and every command looks alike."""

import inspect
from collections.abc import Callable
from typing import Final

import typer

HELP_OPTIONS: Final = {"help_option_names": ["-h", "--help"]}
EXAMPLES: Final = "For example:\n"
KEEP_LINES: Final = "\b\n"


def group(text: str) -> typer.Typer:
    """Return a group of commands with its help."""
    return typer.Typer(
        help=text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,  # it can show what variables hold, tokens among them
        context_settings=HELP_OPTIONS,
    )


def add(to: typer.Typer, name: str, command: Callable[..., None]) -> None:
    """Add a command; its docstring is its help, with examples that keep their lines."""
    text = inspect.getdoc(command) or ""
    to.command(name, help=text.replace(EXAMPLES, KEEP_LINES + EXAMPLES))(command)
