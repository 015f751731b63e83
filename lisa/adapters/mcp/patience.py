"""How long tool servers are waited for; apart from what imports the protocol's package."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How many seconds each thing may take."""

    connect: float = 10.0  # until it has said what it is
    listing: float = 15.0
    call: float = 60.0
    close: float = 2.0
    end: float = 10.0  # of a program, which has time to do so by itself
