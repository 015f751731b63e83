"""What a call through the gateway costs, beside the engine itself, a bare relay, LiteLLM's proxy.

One machine, one run, one engine that stands in; contenders take turns, each in processes of its
own. The table is printed and written to `benchmarks/results/serve.md`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.serving.contenders import (
    ROOT,
    Contender,
    Fleet,
    bare_relay,
    engine,
    fleet,
    rival,
)
from benchmarks.serving.report import OURS, OURS_TWO, Figures, Table, document

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


def profile(own: Fleet) -> dict[str, int]:
    """Tell how often our gateway was seen at what, under the callers of `busy`."""
    with tempfile.TemporaryDirectory() as folder:
        stacks = Path(folder) / "stacks"
        with own.gateway(OURS, 1, stacks) as contender:
            load(contender, {}, 16, seconds=SECONDS * 2)
        seen: dict[str, int] = json.loads(stacks.read_text())
    return seen


@dataclass(frozen=True)
class Everyone:
    """All that is measured; there may be no rival."""

    direct: Contender
    bare: Contender
    own: Contender
    own_two: Contender
    rival_two: Contender | None

    @property
    def all(self) -> list[Contender]:
        """List them, the engine first."""
        rival = [self.rival_two] if self.rival_two else []
        return [self.direct, self.bare, self.own, self.own_two, *rival]

    @property
    def single(self) -> list[Contender]:
        """List those that run in one process."""
        return [self.direct, self.bare, self.own]


@contextmanager
def all_contenders(engine_runs: Contender, own: Fleet) -> Iterator[Everyone]:
    """Start everything."""
    with ExitStack() as stack:
        enter = stack.enter_context
        yield Everyone(
            engine_runs,
            enter(bare_relay(engine_runs.url)),
            enter(own.gateway(OURS, 1)),
            enter(own.gateway(OURS_TWO, 2)),
            None if "--alone" in sys.argv else enter(rival(engine_runs.url)),
        )


def measure() -> tuple[Table, dict[str, int]]:
    """Run everything in turn; return the figures, and where the time of our gateway goes."""
    with engine() as direct, fleet(direct.url) as own:
        with all_contenders(direct, own) as everyone:
            quick = everyone.single
            parts = [busy(everyone.all), added(everyone.all), streams(everyone.all)]
            parts += [slow_upstream(everyone.all), many_streams(quick), memory(quick[1:])]
        stacks = profile(own)
    merged: Table = {each.name: {} for each in everyone.all}
    for part in parts:
        for name, figures in part.items():
            merged[name] |= figures
    return merged, stacks


def main() -> None:
    """Measure, print and write."""
    busy_before = os.getloadavg()[0]
    figures, stacks = measure()
    text = document(figures, stacks, MANY, busy_before)
    print(text)
    if "--print" not in sys.argv:
        Path(RESULTS).parent.mkdir(exist_ok=True)
        Path(RESULTS).write_text(text)


if __name__ == "__main__":
    main()
