"""Names and secrets from the machine's own randomness."""

import secrets


class RandomIds:
    """Makes names and secrets that nobody can guess."""

    def new(self, prefix: str) -> str:
        """Return a fresh name with 128 random bits."""
        return f"{prefix}_{secrets.token_hex(16)}"

    def secret(self) -> str:
        """Return 256 random bits, in hexadecimal."""
        return secrets.token_hex(32)
