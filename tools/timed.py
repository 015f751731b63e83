"""Runs the named parts of the tests in turn and shows each one's time beside its budget.

A budget is a promise, not a limit: a part is stopped at three times it, as it must be hanging.
In parts that start real servers and browsers, tests that failed are run once more by themselves,
as a busy machine may have been the cause; the table says so, and names them for mending.
"""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 3
TESTS_FAILED = 1  # as pytest ends then
MOST_AGAIN = 5  # tests; more than these had another cause
FAILED_TEST = re.compile(r"^(?:FAILED|ERROR) (tests/\S+?\.py::.+?)(?: - .*)?$", re.MULTILINE)
LOAD = Path("/proc/stat")  # on Linux
LAST_LINES = 40  # of a failed command, said once more at the very end
Command = tuple[str, ...]


def pytest(*folders: str, workers: int = 0, options: Command = ()) -> tuple[Command, ...]:
    """Run pytest in .venv over some folders of tests/, in that many processes beside this one."""
    paths = (f"tests/{each}" for each in folders)
    return ((".venv/bin/python", "-m", "pytest", "-q", "-n", str(workers), *options, *paths),)


@dataclass(frozen=True)
class Part:
    """Commands that belong together, and the minutes they may take; in turn unless `at_once`.

    Of a `busy` one, tests that failed are run once more.
    """

    minutes: float
    commands: tuple[Command, ...]
    at_once: bool = False
    busy: bool = False


# Plugins that nothing here needs take a second to import, in each process.
QUICKLY: Command = ("-m", "not slow", "-p", "no:schemathesis", "-p", "no:playwright")
LINT: tuple[Command, ...] = (
    (".venv/bin/ruff", "check", "."),
    (".venv/bin/ruff", "format", "--check", "--quiet", "."),
    (".venv/bin/mypy",),
    (".venv/bin/lint-imports",),
    ("npm", "--prefix", "ui", "run", "--silent", "lint"),
)
PARTS = {
    "set-up": Part(4, ((sys.executable, "-m", "tools.setup", "dev"),)),
    "lint": Part(2, LINT, at_once=True),
    "fast": Part(1.5, pytest("architecture", "unit", workers=2, options=QUICKLY)),
    "api": Part(
        1,
        (
            *pytest("api", workers=2, options=QUICKLY),
            *pytest("architecture", workers=2, options=("-m", "slow")),
        ),
    ),
    "contract": Part(
        5,
        (*pytest("contract", workers=3), *pytest("api", workers=2, options=("-m", "slow"))),
        busy=True,
    ),
    "workflows": Part(1.5, pytest("workflows", workers=2), busy=True),
    # They wait for sockets more than they compute.
    "gateway": Part(
        3,
        (*pytest("gateway", "conformance", workers=6), *pytest("availability")),
        busy=True,
    ),
    "litellm": Part(1, pytest("litellm", workers=2), busy=True),
    "local": Part(5, pytest("local", workers=3, options=("-m", "not slow")), busy=True),
    "stacks": Part(5, pytest("stacks", workers=2)),
    # One deploys what the others visit, one tries the commands that deploy meanwhile.
    "deploy": Part(
        8,
        (
            *pytest("deploy", workers=2, options=("-m", "not slow")),
            *pytest("rights", options=QUICKLY),  # what the tests before it made use of
        ),
        busy=True,
    ),
    "ui": Part(
        2,
        (
            ("npm", "--prefix", "ui", "test", "--", "--retry=1"),
            ("npm", "--prefix", "ui", "run", "budget"),
        ),
    ),
    "browser": Part(6, pytest("e2e", workers=3), busy=True),
}


@dataclass(frozen=True)
class Result:
    """How a part went, how long the machine computed, and what its failed commands said last."""

    name: str
    seconds: float
    computed: float
    words: str
    good: bool
    said: str


def say(text: str) -> None:
    """Write one line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def with_bytecode() -> dict[str, str]:
    """Let commands keep bytecode: tests start hundreds of processes, and each would compile all."""
    unwanted = "PYTHONDONTWRITEBYTECODE"
    return {name: value for name, value in os.environ.items() if name != unwanted}


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a command with everything it started: kindly, and after ten seconds for good."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kind)
            process.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


class Running:
    """A command in a process group of its own; its words are shown as they come, or kept."""

    def __init__(self, command: Command, *, is_shown: bool) -> None:
        """Start it."""
        self.command, self.is_shown, self.said = command, is_shown, bytearray()
        ours, theirs = os.pipe()
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=with_bytecode(),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.reader = Thread(target=self.read, args=(ours,), daemon=True)
        self.reader.start()

    def read(self, words: int) -> None:
        """Take what it says until everything it started has ended."""
        while piece := os.read(words, 65536):
            self.said += piece
            if self.is_shown:
                sys.stdout.buffer.write(piece)
                sys.stdout.flush()
        os.close(words)

    def finish(self, deadline: float) -> int | None:
        """Wait for the end; None says that the command had to be stopped."""
        try:
            return self.process.wait(timeout=max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            return None
        finally:
            stop(self.process)
            self.reader.join(timeout=10)

    def text(self) -> str:
        """Show what it said."""
        return self.said.decode(errors="replace").rstrip()

    @property
    def last_words(self) -> str:
        """Show the command and the end of what it said."""
        return "\n".join((f"$ {' '.join(self.command)}", *self.text().splitlines()[-LAST_LINES:]))


@dataclass(frozen=True)
class Ended:
    """How a command ended, None where it was stopped; `twice` are tests that were run again."""

    running: Running
    code: int | None
    twice: tuple[str, ...] = ()


def run_in_turn(part: Part, deadline: float) -> Iterator[Ended]:
    """Run one command after the other, those after a failed one too."""
    for command in part.commands:
        running = Running(command, is_shown=True)
        ended = Ended(running, running.finish(deadline))
        yield again(ended, deadline) if part.busy else ended


def again(ended: Ended, deadline: float) -> Ended:
    """Run the few tests of a command that failed once more, by themselves."""
    failed = [*dict.fromkeys(FAILED_TEST.findall(ended.running.text()))]
    if ended.code != TESTS_FAILED or not 0 < len(failed) <= MOST_AGAIN:
        return ended
    python = ended.running.command[: ended.running.command.index("pytest") + 1]
    running = Running((*python, "-q", "-n", "0", *failed), is_shown=True)
    return Ended(running, running.finish(deadline), tuple(failed))


def run_at_once(part: Part, deadline: float) -> Iterator[Ended]:
    """Run commands that need nothing of each other; show what each said by itself."""
    everything = [Running(command, is_shown=False) for command in part.commands]
    try:
        for running in everything:
            code = running.finish(deadline)
            if text := running.text():
                say(text)
            yield Ended(running, code)
    finally:
        for running in everything:
            stop(running.process)


def run_part(name: str) -> Result:
    """Run all commands of a part."""
    part, began, before = PARTS[name], time.monotonic(), computed()
    deadline = began + part.minutes * 60 * PATIENCE
    say(f"\n== {name} ==")
    ended = list((run_at_once if part.at_once else run_in_turn)(part, deadline))
    took = time.monotonic() - began
    failed = [each for each in ended if each.code != 0]
    said = "\n".join(each.running.last_words for each in failed)
    return Result(name, took, computed() - before, _verdict(part, took, ended), not failed, said)


def _verdict(part: Part, took: float, ended: Sequence[Ended]) -> str:
    if any(each.code is None for each in ended):
        return f"STOPPED at {PATIENCE} times its budget"
    words = "FAILED" if any(each.code for each in ended) else "passed"
    if twice := [test for each in ended for test in each.twice]:
        words += f", run twice: {', '.join(twice)}"
    return f"{words}, over its budget" if took > part.minutes * 60 else words


def computed() -> float:
    """Return how many seconds this machine's processors have computed, whoever let them.

    What commands are told to have used leaves out servers and browsers that they didn't wait for.
    """
    try:
        user, nice, system, _idle, _waiting, *interrupts = LOAD.read_text().split()[1:8]
    except (OSError, ValueError):
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    ticks = sum(map(int, (user, nice, system, *interrupts)))
    return ticks / os.sysconf("SC_CLK_TCK")


def clock(seconds: float) -> str:
    """Show minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def table(results: Sequence[Result]) -> str:
    """Show what every part took, beside what it may take, and how many cores were busy."""
    lines = [f"\n{'part':<10} {'time':>6} {'budget':>7} {'cores':>6}  result"]
    for each in results:
        budget = clock(PARTS[each.name].minutes * 60)
        cores = f"{each.computed / each.seconds:.1f}"
        took = clock(each.seconds)
        lines.append(f"{each.name:<10} {took:>6} {budget:>7} {cores:>6}  {each.words}")
    lines.append(f"{'together':<10} {clock(sum(each.seconds for each in results)):>6}")
    return "\n".join(lines)


def main(names: Sequence[str]) -> int:
    """Run the parts; a failed one doesn't keep the others from running, a failed set-up does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    results: list[Result] = []
    try:
        for name in names:
            results.append(run_part(name))
            if name == "set-up" and not results[-1].good:
                break
    except KeyboardInterrupt:
        return 130
    for each in results:
        if not each.good:
            say(f"\n== the last words of {each.name} ==\n{each.said}")
    say(table(results))
    return 0 if all(each.good for each in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
