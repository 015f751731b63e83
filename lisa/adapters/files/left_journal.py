"""The journal of a process that is no more, read back."""

import logging
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from lisa.domain.usage import Call
from lisa.ports.journal import Batch

AT_ONCE: Final = 100
log = logging.getLogger("lisa.journal")


class LeftJournal:
    """A file whose lock we hold; the lock ends with the open file."""

    def __init__(self, path: Path, file: int) -> None:
        """`file` is the open file."""
        self._path = path
        self._file = file

    def batches(self) -> Iterator[Batch]:
        """Return what may not be stored yet, each time the same."""
        begun: dict[str, Call] = {}
        waiting: deque[Call] = deque()
        stored = {rest for letter, rest in self._lines() if letter == "S"}
        for letter, rest in self._lines():
            if letter == "B":
                name, _, size = rest.partition(" ")
                calls = _taken(waiting, int(size) if size.isdecimal() else 0)
                if name not in stored:
                    yield Batch(name, calls)
            elif letter == "C":
                begun.clear()
            elif letter in {"b", "e"} and (call := _call(rest)):
                begun.pop(call.id, None)
                if letter == "b":
                    begun[call.id] = call
                else:
                    waiting.append(call)
        yield from self._rest(waiting)
        for call in begun.values():  # each alone, so that its name is the same wherever it is found
            yield Batch(f"cut-{call.id}", (call,))

    def remove(self) -> None:
        """Forget it."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)

    def let_go(self) -> None:
        """Leave it to whoever looks next."""
        os.close(self._file)

    def _rest(self, waiting: deque[Call]) -> Iterator[Batch]:
        """Bind what ended and was in no batch; the file's name and the order make the names."""
        for number in range(0, len(waiting), AT_ONCE):
            name = f"{self._path.stem}-rest-{number // AT_ONCE}"
            yield Batch(name, _taken(waiting, AT_ONCE))

    def _lines(self) -> Iterator[tuple[str, str]]:
        """Return the lines that were written whole."""
        with self._path.open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    letter, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                    yield letter, rest


def _taken(waiting: deque[Call], size: int) -> tuple[Call, ...]:
    return tuple(waiting.popleft() for _ in range(min(size, len(waiting))))


def _call(line: str) -> Call | None:
    try:
        return Call.model_validate_json(line)
    except ValidationError:
        log.warning("a line of a journal can't be read, it is passed over")
        return None
