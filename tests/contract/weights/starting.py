"""The program before an engine, started as a container would start it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
PATIENCE: Final = 60


def started(
    module: str, arguments: Sequence[str], environment: dict[str, str]
) -> subprocess.Popen[str]:
    """Start a module; what it and its engine write can be read."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(reached: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something is so, which must be before the process ends."""
    for _ in range(PATIENCE * 50):
        if reached():
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    process.kill()
    raise AssertionError(process.communicate())
