"""Passwords kept by the real adapter, at a cost that tests can pay."""

from argon2 import Parameters
from argon2.low_level import ARGON2_VERSION, Type

from lisa.adapters.argon2.passwords import Argon2Passwords

CHEAP = Parameters(
    type=Type.ID,
    version=ARGON2_VERSION,
    salt_len=16,
    hash_len=16,
    time_cost=1,
    memory_cost=8,
    parallelism=1,
)
PASSWORDS = Argon2Passwords(CHEAP)
