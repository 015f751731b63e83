"""A client that writes rows and remembers which of them were acknowledged."""

import threading
import time
from itertools import count
from typing import Self

import psycopg


class Writer:
    """Inserts one number after the other, through any number of lost connections."""

    def __init__(self, conninfo: str) -> None:
        """Start at once."""
        self.acknowledged: list[int] = []
        self._conninfo = conninfo
        self._numbers = count()
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def wait_for(self, more: int) -> None:
        """Return once so many more rows are acknowledged."""
        goal = len(self.acknowledged) + more
        while len(self.acknowledged) < goal:
            if not self._thread.is_alive():
                raise AssertionError("the writer ended")
            time.sleep(0.01)

    def end(self) -> None:
        """Stop writing."""
        self._enough.set()
        self._thread.join()

    def lost(self) -> set[int]:
        """Stop writing, and return what was acknowledged and isn't there."""
        self.end()
        with psycopg.connect(self._conninfo) as connection:
            rows = connection.execute("select number from written").fetchall()
        return set(self.acknowledged) - {number for (number,) in rows}

    def _run(self) -> None:
        while not self._enough.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    self._write(connection)
            except psycopg.OperationalError:
                time.sleep(0.01)

    def _write(self, connection: psycopg.Connection) -> None:
        connection.execute("create table if not exists written (number int)")
        while not self._enough.is_set():
            number = next(self._numbers)
            connection.execute("insert into written values (%s)", [number])
            self.acknowledged.append(number)
