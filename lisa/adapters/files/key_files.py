"""Secrets given to a LISA on one machine: a file each, which only its owner reads."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lisa.adapters.files import durable
from lisa.domain.errors import Unavailable
from lisa.domain.model import REFERENCE_PATTERN

PREFIX: Final = "file:"


class KeyFiles:
    """Keeps secrets in a folder that nobody else writes to."""

    def __init__(self, root: Path) -> None:
        """Touch nothing yet."""
        self._root = root.resolve()

    async def put(self, name: str, value: str) -> str:
        """Keep a new secret; return its reference."""
        file = self._root / name
        reference = f"{PREFIX}{file}"
        if not re.fullmatch(REFERENCE_PATTERN, reference) or file.parent != self._root:
            raise Unavailable(
                f"a key can't be kept in {self._root}: its path has unusual characters",
                next_step="give --key-ref, or move LISA's home to a plainer path",
                code="keys_unavailable",
            )
        await _in_thread(lambda: durable.write(self._root, file, value.encode()))
        return reference

    async def remove(self, reference: str) -> None:
        """Forget a secret, if it is one of this folder's."""
        file = Path(reference.removeprefix(PREFIX))
        if reference.startswith(PREFIX) and file.parent == self._root:
            await _in_thread(lambda: file.unlink(missing_ok=True))


async def _in_thread(work: Callable[[], None]) -> None:
    try:
        await asyncio.to_thread(work)
    except OSError as error:
        raise Unavailable(
            f"the folder of keys can't be used: {error.strerror}",
            next_step="look at its owner and its disk",
            code="keys_unavailable",
        ) from error
