"""The limits that administrators set while LISA runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.identity import Limits

NONE: Final = Limits()


@dataclass(frozen=True)
class LimitSettings:
    """For everybody without limits of their own, for single users, and for groups as a whole."""

    everybody: Limits = NONE
    users: Mapping[str, Limits] = field(default_factory=dict)
    groups: Mapping[str, Limits] = field(default_factory=dict)
