"""How a start may fail: one line for the log, and an exit code that tells the kinds apart."""

from enum import IntEnum


class Exit(IntEnum):
    """Why no engine was started; where sysexits.h has a number for it, it is that one."""

    SETTINGS = 64
    TORN = 65
    NO_WEIGHTS = 66
    MISSING = 67
    UNREACHABLE = 69
    NO_FOLDER = 73
    NO_SPACE = 74
    NO_ACCESS = 77
    NO_PROGRAM = 127


class CannotStart(Exception):
    """The engine can't be started; the message is a whole line."""

    def __init__(self, code: Exit, line: str) -> None:
        """Say in one line what is wrong and what to do about it."""
        super().__init__(line)
        self.code = code
