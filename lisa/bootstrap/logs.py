"""Which of our own log lines are shown; a library's stay as they are."""

import logging


def show_logs(level: str) -> None:
    """Show what LISA logs from this level on, by whatever handler the process has."""
    logging.getLogger("lisa").setLevel(level)
