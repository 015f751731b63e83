"""Runs a tool server's command, and ends what it has started with it or with our parent.

A script: `leash.py PARENT COMMAND...`. It leads the process group in which the command runs, so one
signal reaches every child, and itself; input and output are the command's own.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress

LOOK_EVERY_SECONDS = 0.5
SECONDS_TO_END = 1.0


def main() -> None:
    """Wait for the end of the command or of the parent."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    with subprocess.Popen(command) as running:
        while running.poll() is None and os.getppid() == parent:
            with suppress(subprocess.TimeoutExpired):
                running.wait(LOOK_EVERY_SECONDS)
        if running.returncode is None:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.killpg(0, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                running.wait(SECONDS_TO_END)
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
