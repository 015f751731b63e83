"""Passwords kept by argon2id."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

AT_ONCE: Final = 2  # each takes 64 MB; a flood of sign-ins waits instead of taking the machine


class Argon2Passwords:
    """Keeps passwords."""

    def __init__(self, cost: Parameters = RFC_9106_LOW_MEMORY) -> None:
        """Start no thread yet."""
        self._hasher = PasswordHasher.from_parameters(cost)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")

    async def kept(self, password: str) -> str:
        """Return what is kept in place of the password."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, _bytes(password))

    async def is_same(self, kept: str, password: str) -> bool:
        """Tell whether this is the password; for what we didn't write ourselves it never is."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._verify, kept, _bytes(password))

    def _verify(self, kept: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


def _bytes(password: str) -> bytes:
    """Take any text, also one that is no valid Unicode."""
    return password.encode("utf-8", "surrogatepass")
