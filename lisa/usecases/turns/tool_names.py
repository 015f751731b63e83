"""What a server's tool is called for a model, which takes short and plain names only."""

import hashlib
import re
from collections.abc import Container
from typing import Final

LONGEST: Final = 64
NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9_-]")
OF_DIGEST: Final = 8


def chat_name(label: str, tool: str, taken: Container[str]) -> str:
    """Return `<label>__<tool>`; a long name, or one that is taken, ends with a digest."""
    name = NOT_IN_A_NAME.sub("_", f"{label}__{tool}")
    if len(name) <= LONGEST and name not in taken:
        return name
    digest = hashlib.sha256(f"{label}\n{tool}".encode()).hexdigest()[:OF_DIGEST]
    return f"{name[: LONGEST - OF_DIGEST - 1]}_{digest}"
