"""What a turn adds to the plain call of a model, and 500 of them at once in one process.

One machine, one run, one engine that stands in; the gateway stands on Postgres, as in the local
profile. The table is printed and written to `benchmarks/results/chat.md`.
"""

import datetime as dt
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.serving.contenders import ROOT, Contender, engine, free_port, server
from lisa.declared.home import postgres_place
from local.postgres import EmbeddedPostgres

RESULTS: Final = ROOT / "benchmarks" / "results" / "chat.md"
ALONE: Final = int(os.environ.get("BENCH_TURNS", "200"))
AT_ONCE: Final = int(os.environ.get("BENCH_AT_ONCE", "500"))
ROUNDS: Final = 3
QUICK: Final = {"tokens": 32}
PACED: Final = {"tokens": 40, "pause": 0.25}
TEXT: Final = "A sentence of the length people send when they ask for something."
Figures = dict[str, str]


def plain(how: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the plain call of a model."""
    said = {"role": "user", "content": TEXT}
    return "/v1/chat/completions", {
        "model": "tiny",
        "messages": [said],
        "stream": True,
        "engine": how,
    }


def turn(how: dict[str, Any], *, store: bool) -> tuple[str, dict[str, Any]]:
    """Return the same as a turn."""
    lisa = {"chat": {"engine": how}}
    return "/v1/responses", {
        "model": "tiny",
        "input": TEXT,
        "stream": True,
        "store": store,
        "lisa": lisa,
    }


def load(to: Contender, asked: tuple[str, dict[str, Any]], callers: int, each: int) -> Any:
    """Ask from a process of its own."""
    path, body = asked
    plan = {"url": to.url + path, "token": to.token, "body": body}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.chatting.load"],
        input=json.dumps(plan | {"callers": callers, "each": each}).encode(),
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def alone(to: Contender) -> dict[str, Figures]:
    """Measure one caller; the ways to ask take turns, and the best round of each counts."""
    ways = {
        "plain call": plain(QUICK),
        "turn, not kept": turn(QUICK, store=False),
        "turn, kept": turn(QUICK, store=True),
    }
    runs: dict[str, list[Any]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, asked in ways.items():
            runs[name].append(load(to, asked, 1, ALONE // ROUNDS))
    best = {
        name: {
            f"{what} p{percent}": min(run[of][percent] for run in runs[name])
            for what, of in (("first word", "first"), ("whole answer", "total"))
            for percent in ("50", "95")
        }
        for name in runs
    }
    base = best["plain call"]
    return {
        name: {row: f"{value:.1f} ms (+{value - base[row]:.1f})" for row, value in rows.items()}
        for name, rows in best.items()
    }


def at_once(to: Contender) -> dict[str, Figures]:
    """Measure many paced turns at once."""
    before = to.megabytes()
    figures: dict[str, Figures] = {}
    for name, asked in {"plain call": plain(PACED), "turn, kept": turn(PACED, store=True)}.items():
        cpu = to.cpu_seconds()
        seen = load(to, asked, AT_ONCE, 1)
        figures[name] = {
            f"{AT_ONCE} at once: errors": str(seen["errors"]),
            f"{AT_ONCE} at once: words/s": f"{seen['words'] / seen['seconds']:,.0f}",
            f"{AT_ONCE} at once: first word p50 / p95": (
                f"{seen['first']['50']:,.0f} / {seen['first']['95']:,.0f} ms"
            ),
            f"{AT_ONCE} at once: whole answer p50 / p95": (
                f"{seen['total']['50']:,.0f} / {seen['total']['95']:,.0f} ms"
            ),
            f"{AT_ONCE} at once: CPU ms per answer": (
                f"{(to.cpu_seconds() - cpu) / AT_ONCE * 1000:,.0f}"
            ),
            "memory before": f"{before:.0f} MB",
            "memory after": f"{to.megabytes():.0f} MB",
        }
    return figures


@contextmanager
def ours(engine_url: str) -> Iterator[Contender]:
    """Run the gateway over a Postgres of its own."""
    port, home = free_port(), Path(tempfile.mkdtemp(prefix="lisa-bench-"))
    postgres = EmbeddedPostgres(home)
    postgres.start()
    token = home / "token"
    environ = {
        "BENCH_ENGINE": engine_url,
        "BENCH_TOKEN_FILE": str(token),
        "BENCH_POSTGRES": postgres.conninfo,
        "BENCH_HOME": str(home / "blobs"),
    }
    command = [sys.executable, "-m", "benchmarks.chatting.ours", str(port)]
    try:
        with server("LISA", command, environ, port, "/health/readiness") as started:
            yield Contender(started.name, started.url, token.read_text(), started.process)
    finally:
        postgres.stop()
        shutil.rmtree(postgres_place(home), ignore_errors=True)
        shutil.rmtree(home)


def measure() -> dict[str, Figures]:
    """Run everything in turn."""
    with engine() as direct, ours(direct.url) as gateway:
        merged = alone(gateway)
        for name, figures in at_once(gateway).items():
            merged[name] |= figures
    return merged


def document(figures: dict[str, Figures]) -> str:
    """Write the table."""
    names = list(figures)
    rows = list(dict.fromkeys(row for each in figures.values() for row in each))
    circumstances = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores shared "
        f"by engine, Postgres, gateway and load, Python {platform.python_version()}. One process "
        f"of the gateway. Alone: {QUICK['tokens']} words as fast as they come, best of {ROUNDS} "
        f"rounds, with what is added to the plain call. At once: {PACED['tokens']} words, one each "
        f"{PACED['pause']} s. The engine is a stand-in. Written by `benchmarks/chat.py`."
    )
    lines = [
        "# What a turn adds to a call",
        "",
        circumstances,
        "",
        f"| | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
        *(
            f"| {row} | {' | '.join(figures[name].get(row, '') for name in names)} |"
            for row in rows
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print and write."""
    text = document(measure())
    print(text)
    if "--print" not in sys.argv:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text)


if __name__ == "__main__":
    main()
