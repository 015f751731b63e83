"""The people of the local profile's own identity provider."""

from datetime import datetime
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints

NAME_PATTERN: Final = r"^[a-z0-9][a-z0-9._@+-]{0,63}$"
GROUP_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/ -]{0,99}$"
SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 256

AccountName: TypeAlias = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
Group: TypeAlias = Annotated[str, StringConstraints(pattern=GROUP_PATTERN)]


class Account(BaseModel):
    """One person; `name` is the subject of their tokens. `kept` stands for the password.

    `version` counts changes; `sessions_from` is the moment before which every sign-in has ended.
    """

    model_config = ConfigDict(frozen=True)

    name: AccountName
    groups: frozenset[Group] = frozenset()
    kept: str
    disabled: bool = False
    created: datetime
    sessions_from: datetime
    version: int = 1
