"""How processes are started in which a parser can hang or crash without harm to us."""

import os
import resource
import sys
from typing import Final

MEGABYTE: Final = 1024 * 1024


def command(module: str, *arguments: str) -> tuple[str, ...]:
    """Return what runs one of our modules."""
    return (sys.executable, "-P", "-m", module, *arguments)


# What a page takes is kept for the next one, rather than given back to the kernel each time.
KEPT: Final = {"MALLOC_MMAP_THRESHOLD_": 32 * MEGABYTE, "MALLOC_TRIM_THRESHOLD_": 64 * MEGABYTE}


def environment() -> dict[str, str]:
    """Leave out everything a parser that was taken over might want to know, such as keys."""
    kept = {name: str(size) for name, size in KEPT.items()}
    kept |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    if libraries := os.environ.get("LD_LIBRARY_PATH"):  # Lambda's interpreter doesn't start without
        kept["LD_LIBRARY_PATH"] = libraries
    return kept


def confine(seconds: int, megabytes: int) -> None:
    """Bound what this process may use from here on; it writes to no file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE,) * 2)
