"""Which of our own log lines are shown; a library's stay as they are."""

import logging
import sys


def show_logs(level: str) -> None:
    """Show what LISA logs from this level on, by whatever handler the process has."""
    logging.getLogger("lisa").setLevel(level)


def show_bare(name: str) -> None:
    """Write what this logger says to standard output as it is, for a program that reads it."""
    lines = logging.getLogger(name)
    if not lines.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        lines.addHandler(handler)
    lines.propagate = False
