"""What the emulator's own interpreter runs: ministack, with what we need to know and to change.

Each hook reaches into private parts of the pinned version; tests/deploy/test_emulator.py has a
smoke test for each.
"""

import logging
import os
from pathlib import Path

# Not in our environment: the emulator has one of its own.
from ministack import app  # type: ignore[import-not-found] # see above
from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-not-found] # see above


def main() -> None:
    """Serve until a signal comes."""
    _note_unmapped_actions(Path(os.environ["UNMAPPED_ACTIONS_LOG"]))
    _take_loopback_for_tls()
    app.main()


def _note_unmapped_actions(file: Path) -> None:
    """Ministack allows what it can't map to an IAM action, and says so at debug level only."""
    noted = logging.FileHandler(file)
    noted.addFilter(lambda record: record.getMessage().endswith("allowing"))
    iam_actions.logger.setLevel(logging.DEBUG)
    iam_actions.logger.addHandler(noted)
    iam_actions.logger.propagate = False


def _take_loopback_for_tls() -> None:
    """Our buckets refuse plain HTTP, which is all that is spoken here."""
    pin = iam_evaluator.pin_request_origin
    app.pin_request_origin = lambda address, _is_tls: pin(address, secure_transport=True)


if __name__ == "__main__":
    main()
