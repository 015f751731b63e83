"""How a typed option becomes arguments of a command."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath


class Way(Enum):
    """How an option's value is written."""

    VALUE = "the flag, then the value"
    SWITCH = "the flag alone where it is true"
    EITHER = "the flag alone, or its opposite"
    JSON = "the flag, then the value as JSON"
    LIST = "the flag, then the values with commas"
    FILE = "the flag, then the path of a file among the weights"


@dataclass(frozen=True)
class Flag:
    """An option's name on the command line."""

    name: str
    way: Way = Way.VALUE

    def written(self, value: object, folder: str) -> Sequence[str]:
        """Return the arguments that say so; `folder` is where the weights lie."""
        match self.way:
            case Way.SWITCH:
                return [self.name] if value else []
            case Way.EITHER:
                return [self.name if value else self.name.replace("--", "--no-", 1)]
            case Way.JSON:
                return [self.name, json.dumps(value, separators=(",", ":"))]
            case Way.LIST if isinstance(value, Sequence):
                return [self.name, ",".join(str(each) for each in value)]
            case Way.FILE:
                return [self.name, str(PurePosixPath(folder) / str(value))]
        return [self.name, str(value).lower() if isinstance(value, bool) else str(value)]
