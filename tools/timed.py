"""Runs the named parts of the tests in turn and shows each one's time beside its budget.

A budget is a promise, not a limit: a part is stopped at three times it, as it must be hanging.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 3
Command = tuple[str, ...]


def pytest(*folders: str, workers: int = 0, options: Command = ()) -> tuple[Command, ...]:
    """Run pytest in .venv over some folders of tests/, in that many processes beside this one."""
    paths = (f"tests/{each}" for each in folders)
    return ((".venv/bin/python", "-m", "pytest", "-q", "-n", str(workers), *options, *paths),)


@dataclass(frozen=True)
class Part:
    """Commands that belong together, and the minutes they may take."""

    minutes: float
    commands: tuple[Command, ...]


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
    "lint": Part(2, LINT),
    "fast": Part(1, pytest("architecture", "unit", workers=2, options=QUICKLY)),
    "api": Part(
        1,
        (
            *pytest("api", workers=2, options=QUICKLY),
            *pytest("architecture", workers=2, options=("-m", "slow")),
        ),
    ),
    "contract": Part(
        3, (*pytest("contract", workers=2), *pytest("api", workers=2, options=("-m", "slow")))
    ),
    "gateway": Part(3, pytest("gateway", "conformance", workers=2)),
    "litellm": Part(1, pytest("litellm")),
    "local": Part(4, pytest("local")),
    "stacks": Part(2, pytest("stacks")),
    "deploy": Part(4, pytest("deploy")),
    "ui": Part(2, (("npm", "--prefix", "ui", "test"), ("npm", "--prefix", "ui", "run", "budget"))),
    "browser": Part(3, pytest("e2e", workers=2)),
}


@dataclass(frozen=True)
class Result:
    """How a part went."""

    name: str
    seconds: float
    words: str
    good: bool


def say(text: str) -> None:
    """Write one line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a command with everything it started: kindly, and after ten seconds for good."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kind)
            process.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def run(command: Command, seconds: float) -> int | None:
    """Run one command in a process group of its own; None says that it had to be stopped."""
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait(timeout=max(seconds, 0))
    except subprocess.TimeoutExpired:
        stop(process)
        return None
    except KeyboardInterrupt:
        stop(process)
        raise


def run_part(name: str) -> Result:
    """Run all commands of a part, those after a failed one too."""
    part, began, codes = PARTS[name], time.monotonic(), list[int | None]()
    say(f"\n== {name} ==")
    for command in part.commands:
        left = part.minutes * 60 * PATIENCE - (time.monotonic() - began)
        codes.append(run(command, left))
    took = time.monotonic() - began
    words = "passed" if not any(codes) else "FAILED"
    if None in codes:
        words = f"STOPPED at {PATIENCE} times its budget"
    elif took > part.minutes * 60:
        words += ", over its budget"
    return Result(name, took, words, good=all(code == 0 for code in codes))


def clock(seconds: float) -> str:
    """Show minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def table(results: Sequence[Result]) -> str:
    """Show what every part took, beside what it may take."""
    lines = [f"\n{'part':<10} {'time':>6} {'budget':>7}  result"]
    for each in results:
        budget = clock(PARTS[each.name].minutes * 60)
        lines.append(f"{each.name:<10} {clock(each.seconds):>6} {budget:>7}  {each.words}")
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
    say(table(results))
    return 0 if all(each.good for each in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
