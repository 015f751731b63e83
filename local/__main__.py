"""The local profile on one home: `LISA_HOME=DIR python -m local`, until told to stop."""

import os
import sys
from pathlib import Path

from lisa.bootstrap.environment import read
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import LisaError, Unavailable
from local.supervisor import Supervisor

TRY_AGAIN = 3


def main() -> int:
    """Run until told to stop; a failure is told in two lines."""
    try:
        Supervisor(read(LocalSettings, os.environ, Path(".env"))).run()
    except LisaError as error:
        sys.stderr.write(f"error: {error.message}\nnext step: {error.next_step}\n")
        return TRY_AGAIN if isinstance(error, Unavailable) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
