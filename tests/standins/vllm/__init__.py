"""Stands in for the program `vllm`: its flags, its addresses, and weights it looks at."""

import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def installed(folder: Path) -> Path:
    """Put a program `vllm` into a folder, for a PATH to begin with."""
    folder.mkdir()
    program = folder / "vllm"
    command = shlex.join([sys.executable, "-m", "tests.standins.vllm"])
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {command} "$@"\n')
    program.chmod(0o755)
    return folder
