"""What a call through the gateway costs, beside the engine itself, a bare relay, LiteLLM's proxy.

One machine, one run, one engine that stands in; contenders take turns, each in processes of its
own. The table is printed and written to `benchmarks/results/serve.md`.
"""

import datetime as dt
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.serving.contenders import ROOT, Contender, bare_relay, engine, ours, rival

RESULTS: Final = ROOT / "benchmarks" / "results" / "serve.md"
ROUNDS: Final = 3
SECONDS: Final = float(os.environ.get("BENCH_SECONDS", "4"))
MANY: Final = int(os.environ.get("BENCH_STREAMS", "2000"))
TEXT: Final = "A sentence of the length people send when they ask for something. " * 8
CHAT: Final[dict[str, Any]] = {
    "model": "tiny",
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": TEXT}],
    "max_tokens": 64,
    "temperature": 0.2,
}
PACED: Final = {"stream": True, "engine": {"tokens": 24, "pause": 0.05, "stamp": True}}
SLOW: Final = {"stream": True, "engine": {"tokens": 8, "pause": 1.0, "stamp": True}}
Figures = dict[str, str]


def load(contender: Contender, body: dict[str, Any], connections: int, **plan: Any) -> Any:
    """Ask from a process of its own."""
    plan |= {"url": contender.chat, "token": contender.token, "body": CHAT | body}
    plan |= {"connections": connections}
    plan.setdefault("seconds", SECONDS)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.serving.load"],
        input=json.dumps(plan).encode(),
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def busy(contenders: list[Contender]) -> dict[str, Figures]:
    """Measure sixteen callers who never pause; rounds take turns, the best round counts."""
    rates: dict[str, list[float]] = {each.name: [] for each in contenders}
    costs: dict[str, list[float]] = {each.name: [] for each in contenders}
    errors = dict.fromkeys(rates, 0)
    for _ in range(ROUNDS):
        for each in contenders:
            before = each.cpu_seconds()
            seen = load(each, {}, 16)
            rates[each.name].append(seen["requests"] / seen["seconds"])
            costs[each.name].append((each.cpu_seconds() - before) / max(seen["requests"], 1) * 1e6)
            errors[each.name] += seen["errors"]
    return {
        name: {
            "requests/s": f"{max(rates[name]):,.0f}",
            "CPU µs/request": f"{min(costs[name]):,.0f}",
            "errors": str(errors[name]),
        }
        for name in rates
    }


def added(contenders: list[Contender]) -> dict[str, Figures]:
    """Measure one caller alone, as milliseconds over the engine itself."""
    figures: dict[str, Figures] = {}
    alone: dict[str, float] = {}
    for each in contenders:
        latency = load(each, {}, 1)["latency"]
        alone = alone or latency
        figures[each.name] = {
            f"added p{percent} ms": f"{latency[percent] - alone[percent]:.2f}"
            for percent in ("50", "95", "99")
        }
    return figures


def streams(contenders: list[Contender]) -> dict[str, Figures]:
    """Measure 64 paced streams at a time, and how late each chunk is."""
    figures: dict[str, Figures] = {}
    for each in contenders:
        seen = load(each, PACED, 64, seconds=SECONDS * 1.5)
        delays = seen["chunk_delay"]
        figures[each.name] = {
            "64 streams: streams/s": f"{seen['requests'] / seen['seconds']:.1f}",
            "first byte p50 ms": f"{seen['first_byte']['50']:.1f}",
            "chunk delay p50 ms": f"{delays['50']:.2f}",
            "chunk delay p99 ms": f"{delays['99']:.2f}",
        }
    return figures


def slow_upstream(contenders: list[Contender]) -> dict[str, Figures]:
    """Measure eight callers of an upstream that takes a second; eight a second is all there is."""
    body = {"engine": {"delay": 1.0}}
    runs = {each.name: load(each, body, 8, seconds=4.5) for each in contenders}
    return {
        name: {"8 callers, 1 s upstream: requests/s": f"{seen['requests'] / seen['seconds']:.1f}"}
        for name, seen in runs.items()
    }


def many_streams(contenders: list[Contender]) -> dict[str, Figures]:
    """Measure 2,000 streams at once, one each."""
    figures: dict[str, Figures] = {}
    for each in contenders:
        seen = load(each, SLOW, MANY, seconds=60, each=1)
        figures[each.name] = {
            f"{MANY:,} streams: errors": str(seen["errors"] + MANY - seen["requests"]),
            f"{MANY:,} streams: streams/s": f"{seen['requests'] / seen['seconds']:.0f}",
            f"{MANY:,} streams: chunk delay p99 ms": f"{seen['chunk_delay']['99']:.1f}",
        }
    return figures


def memory(contenders: list[Contender]) -> dict[str, Figures]:
    """Measure what 100,000 requests leave behind in our gateway."""
    figures: dict[str, Figures] = {}
    for each in contenders:
        before = each.megabytes()
        load(each, {}, 20, seconds=600, each=5000)
        figures[each.name] = {
            "MB before": f"{before:.0f}",
            "MB after 100k requests": f"{each.megabytes():.0f}",
        }
    return figures


@contextmanager
def all_contenders() -> Iterator[tuple[list[Contender], bool]]:
    """Start everything; the second value tells whether the rival could be had."""
    with ExitStack() as stack:
        direct = stack.enter_context(engine())
        bare = stack.enter_context(bare_relay(direct.url))
        own = stack.enter_context(ours(direct.url))
        other = None
        if "--alone" not in sys.argv:
            other = stack.enter_context(rival(direct.url))
        found = [direct, bare, own]
        yield [*found, other] if other else found, other is not None


def measure() -> tuple[dict[str, Figures], bool]:
    """Run everything in turn."""
    with all_contenders() as (everyone, has_rival):
        quick = everyone[:3]
        parts = [busy(everyone), added(everyone), streams(everyone), slow_upstream(everyone)]
        parts += [many_streams(quick), memory(quick[1:])]
        names = [each.name for each in everyone]
    merged = {name: {} for name in names}  # type: dict[str, Figures]
    for part in parts:
        for name, figures in part.items():
            merged[name] |= figures
    return merged, has_rival


def number(text: str) -> float:
    """Read a figure back."""
    return float(text.replace(",", ""))


def verdicts(figures: dict[str, Figures]) -> list[str]:
    """Hold the figures against what is required of them."""
    own, bare = figures["LISA"], figures["bare relay"]
    shares = [
        ("requests/s of the bare relay's", "requests/s", 0.5, bare),
        ("streams/s of the bare relay's", "64 streams: streams/s", 0.8, bare),
        (
            f"streams/s of the bare relay's, {MANY:,} at once",
            f"{MANY:,} streams: streams/s",
            0.8,
            bare,
        ),
    ]
    if "LiteLLM proxy" in figures:
        shares.append(("times LiteLLM's requests/s", "requests/s", 60, figures["LiteLLM proxy"]))
    lines = []
    for what, row, required, other in shares:
        share = number(own[row]) / number(other[row])
        word = "met" if share >= required else "MISSED"
        lines.append(f"- {share:.2f} {what} (required: {required}): {word}")
    errors = own[f"{MANY:,} streams: errors"]
    word = "met" if errors == "0" else "MISSED"
    lines.append(f"- {errors} errors in {MANY:,} streams (required: 0): {word}")
    return lines


def document(figures: dict[str, Figures], *, has_rival: bool) -> str:
    """Write the table."""
    names = list(figures)
    rows = list(dict.fromkeys(row for each in figures.values() for row in each))
    circumstances = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, "
        f"{os.cpu_count()} cores shared by engine, contender and load, Python "
        f"{platform.python_version()}. One process per contender, two for LiteLLM's proxy. The "
        "engine is a stand-in, fast enough not to be the limit. Written by `benchmarks/serve.py`."
    )
    lines = [
        "# What a call through the gateway costs",
        "",
        circumstances,
        "",
        f"| | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
        *(
            f"| {row} | {' | '.join(figures[name].get(row, '') for name in names)} |"
            for row in rows
        ),
        "",
        *verdicts(figures),
    ]
    if not has_rival:
        lines.append(
            "- LiteLLM's proxy was not measured: it could not be installed, or was left out"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print and write."""
    figures, has_rival = measure()
    text = document(figures, has_rival=has_rival)
    print(text)
    if "--print" not in sys.argv:
        Path(RESULTS).parent.mkdir(exist_ok=True)
        Path(RESULTS).write_text(text)


if __name__ == "__main__":
    main()
