"""Runs before an engine: `python -m containers.engines.loading PROGRAM ARGUMENTS...`."""

import sys

from containers.engines.loading.start import run

if __name__ == "__main__":
    run(sys.argv[1:])
