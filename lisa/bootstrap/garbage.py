"""How often a process that serves looks for garbage that only looks find: cycles."""

import gc
from typing import Final

NEW_OBJECTS: Final = 20_000  # a call makes hundreds, and nearly all go without a look


def look_rarely() -> None:
    """Let alone what is there by now, and look at what comes once it is much."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
