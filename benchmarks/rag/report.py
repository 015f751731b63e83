"""Writes down what was measured of knowledge, and holds it against what is asked."""

import datetime as dt
import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.extraction import MEGABYTE, Run
from benchmarks.rag.running import Busy, Ingested
from benchmarks.rag.searching import Searched
from benchmarks.serving.contenders import ROOT

SPEED: Final = 2.0  # MB of text a second and core, of a PDF
BUSY: Final = 0.8
SLOWEST: Final = 50.0  # ms
RECALL: Final = 0.98
SHOWN: Final = 0.5  # seconds
TEXT: Final = ", read and cut: MB of text/s a core"
INGESTED: Final = "the folder ingested: kB/s"
PIECES: Final = "passages of it"
WORK: Final = "of that time the embedder had work"
COMPUTED: Final = "of that time the embedder computed"
STORED: Final = "many passages with vectors stored: passages/s"
P50, P95 = "question p50 ms, its vector known", "question p95 ms, its vector known"
WHOLE: Final = "question by HTTP, embedding with it: p50 / p95 ms"
NEAREST: Final = "recall@10 of exact"
ASKED: Final = {
    f"PDF of text{TEXT}": f">= {SPEED:.0f}",
    WORK: f"> {BUSY:.0%}",
    P95: f"<= {SLOWEST:.0f}",
    NEAREST: f">= {RECALL}",
}


@dataclass(frozen=True)
class Beside:
    """The same by LangChain."""

    read: dict[str, Any]
    read_ours: float  # MB of text/s of the same files as pieces
    ingested: dict[str, Any]
    busy: Busy
    searched: dict[str, Any]
    recall: float


@dataclass(frozen=True)
class Measured:
    """Everything of one run."""

    load: float
    extracted: Sequence[Run]
    ingested: Ingested
    searched: Searched
    beside: Beside | None


def today() -> str:
    """Return the date."""
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"


def commit() -> str:
    """Name what is measured."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude", "*"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def document(seen: Measured) -> str:
    """Write the tables."""
    lines = [
        "# How fast folders become findable, and passages are found",
        "",
        _circumstances(seen),
        "",
        "| | asked | LISA | LangChain, as LISA 6.6 has it |",
        "|---|---:|---:|---:|",
        *(f"| {' | '.join(row)} |" for row in _rows(seen)),
        "",
        *_verdicts(seen),
        "",
        *_notes(seen),
    ]
    return "\n".join(lines) + "\n"


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return it in milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


def _circumstances(seen: Measured) -> str:
    return (
        f"{today()}, commit {commit()}, {platform.machine()}, {os.cpu_count()} cores shared by all "
        f"processes (load average before: {seen.load:.1f}), Python {platform.python_version()}. A "
        "whole local LISA on its own Postgres; LangChain's loaders, splitter (512 characters, 51 "
        "of them twice) and PGVector in one process, over the same Postgres and the same embedder "
        "by its HTTP route. Written by `benchmarks/rag_speed.py`."
    )


def _rows(seen: Measured) -> Iterator[tuple[str, str, str, str]]:
    """Name each figure once; either side may lack some."""
    ours, theirs = _ours(seen), _theirs(seen.beside) if seen.beside else {}
    for name in dict.fromkeys([*ours, *theirs]):
        yield name, ASKED.get(name, ""), ours.get(name, ""), theirs.get(name, "")


def _ours(seen: Measured) -> dict[str, str]:
    ingested, found = seen.ingested, seen.searched
    figures = {f"{run.kind}{TEXT}": f"{run.speed:.1f}" for run in seen.extracted}
    if seen.beside:
        figures[f"the folder{TEXT}"] = f"{seen.beside.read_ours:.1f}"
    figures |= {
        INGESTED: f"{ingested.megabytes * 1000 / ingested.seconds:.1f}",
        PIECES: f"{ingested.passages:,}",
        WORK: f"{ingested.wanted:.0%}",
        COMPUTED: f"{ingested.computing:.0%}",
        STORED: f"{found.rate:,.0f}",
        P50: f"{percentile(found.hybrid, 0.5):.1f}",
        P95: f"{percentile(found.hybrid, 0.95):.1f}",
    }
    for step in ("dense", "lexical"):
        p50, p95 = (percentile(found.by_step[step], share) for share in (0.5, 0.95))
        figures[f"of that {step}: p50 / p95 ms"] = f"{p50:.1f} / {p95:.1f}"
    p50, p95 = (percentile(found.whole, share) for share in (0.5, 0.95))
    return figures | {WHOLE: f"{p50:.1f} / {p95:.1f}", NEAREST: f"{found.recall:.3f}"}


def _theirs(peer: Beside) -> dict[str, str]:
    read, ingested, found = peer.read, peer.ingested, peer.searched
    seconds = ingested["seconds"]
    return {
        f"the folder{TEXT}": f"{read['characters'] / MEGABYTE / read['seconds']:.1f}",
        INGESTED: f"{ingested['megabytes'] * 1000 / seconds:.1f}",
        PIECES: f"{ingested['pieces']:,}",
        WORK: f"{(peer.busy.ran + peer.busy.waited) / seconds:.0%}",
        COMPUTED: f"{peer.busy.ran / seconds:.0%}",
        STORED: f"{found['passages'] / found['filled']:,.0f}",
        P50: f"{percentile(found['seconds'], 0.5):.1f}",
        P95: f"{percentile(found['seconds'], 0.95):.1f}",
        NEAREST: f"{peer.recall:.3f}",
    }


def _verdicts(seen: Measured) -> Iterator[str]:
    speed, found = seen.extracted[0].speed, seen.searched
    slowest = percentile(found.hybrid, 0.95)
    yield verdict(f"{speed:.1f} MB/s a core of a PDF's text", f">= {SPEED:.0f}", speed >= SPEED)
    wanted = seen.ingested.wanted
    yield verdict(f"{wanted:.0%} of the time the embedder had work", f"> {BUSY:.0%}", wanted > BUSY)
    yield verdict(f"{slowest:.1f} ms question p95", f"<= {SLOWEST:.0f}", slowest <= SLOWEST)
    yield verdict(f"{found.recall:.3f} recall@10", f">= {RECALL}", found.recall >= RECALL)


def verdict(what: str, asked: str, is_met: bool) -> str:  # noqa: FBT001 - it is what is said
    """Say whether what is asked is met."""
    return f"- {what} (asked: {asked}): {'met' if is_met else 'MISSED'}"


def _notes(seen: Measured) -> Iterator[str]:
    used = sorted(seen.ingested.processors.items(), key=lambda each: -each[1])
    shown = ", ".join(f"{name} {seconds:.1f}" for name, seconds in used if seconds >= SHOWN)
    yield (
        f"The ingestion took {seen.ingested.seconds:.0f} s from the order to the end of the last "
        f"document; seconds of processors: {shown}. The embedder has work while its thread "
        "computes or waits for a core, as the kernel counts both (`schedstat`)."
    )
    yield ""
    yield (
        "Passages are sentences of documentation, embedded beforehand; questions are those of the "
        "golden set and other such sentences, asked one after the other. LISA's are hybrid, "
        "through `Retrieval` and the adapter of pgvector; LangChain's find by vector alone, by "
        "comparing everything. Exact is what Postgres finds by comparing everything."
    )
