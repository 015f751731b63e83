"""Writes down what was measured, and holds it against what is required."""

import datetime as dt
import os
import platform
from typing import Final, TypeAlias

Figures: TypeAlias = dict[str, str]
Table: TypeAlias = dict[str, Figures]

OURS: Final = "LISA"
OURS_TWO: Final = "LISA, two processes"
RIVAL_TWO: Final = "LiteLLM proxy, two processes"
BARE: Final = "bare relay"
LARGEST_SHARES: Final = 12


def document(figures: Table, stacks: dict[str, int], many: int, load_before: float) -> str:
    """Write the tables."""
    names = list(figures)
    rows = list(dict.fromkeys(row for each in figures.values() for row in each))
    lines = [
        "# What a call through the gateway costs",
        "",
        _circumstances(load_before),
        "",
        f"| | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
        *(
            f"| {row} | {' | '.join(figures[name].get(row, '') for name in names)} |"
            for row in rows
        ),
        "",
        *_verdicts(figures, many),
        "",
        *_profile(stacks, _number(figures[OURS]["CPU µs/request"])),
    ]
    return "\n".join(lines) + "\n"


def _circumstances(load_before: float) -> str:
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, "
        f"{os.cpu_count()} cores shared by engine, contender and load (load average before: "
        f"{load_before:.1f}), Python {platform.python_version()}. One process per contender, two "
        "where it says so. LISA's stand on Postgres, whose processor time is counted as theirs, "
        "with authentication, policy, three limits and metering on; LiteLLM's proxy has no "
        "database. The engine is a stand-in, fast enough not to be the limit. Written by "
        "`benchmarks/serve.py`."
    )


def _verdicts(figures: Table, many: int) -> list[str]:
    """Compare one process with one, two with two."""
    own, bare, paced = figures[OURS], figures[BARE], f"{many:,} streams: streams/s"
    lines = [
        _share("requests/s of the bare relay's", "requests/s", 0.5, own, bare),
        _share("streams/s of the bare relay's", "64 streams: streams/s", 0.8, own, bare),
        _share(f"streams/s of the bare relay's, {many:,} at once", paced, 0.8, own, bare),
    ]
    if RIVAL_TWO in figures:
        what = "times LiteLLM's requests/s, two processes each"
        lines.append(_share(what, "requests/s", 60, figures[OURS_TWO], figures[RIVAL_TWO]))
    else:
        lines.append("- LiteLLM's proxy was not measured: it was left out, or can't be installed")
    errors = own[f"{many:,} streams: errors"]
    lines.append(f"- {errors} errors in {many:,} streams (required: 0): {_word(errors == '0')}")
    return lines


def _share(what: str, row: str, required: float, own: Figures, other: Figures) -> str:
    share = _number(own[row]) / _number(other[row])
    return f"- {share:.2f} {what} (required: {required}): {_word(share >= required)}"


def _word(is_met: bool) -> str:  # noqa: FBT001 - what it says is all there is
    return "met" if is_met else "MISSED"


def _profile(stacks: dict[str, int], microseconds: float) -> list[str]:
    """Share the time of a request out among the parts that were seen at work."""
    whole = sum(stacks.values())
    largest = sorted(stacks.items(), key=lambda each: -each[1])[:LARGEST_SHARES]
    heading = (
        f"Where the time of one process of LISA goes ({whole:,} looks at its stack while 16 "
        "callers keep it busy; work of a library or the kernel counts for the part that asked "
        "for it, or that is called next):"
    )
    return [
        heading,
        "",
        "| part | share | µs/request |",
        "|---|---|---|",
        *(
            f"| {part} | {seen / whole:.0%} | {seen / whole * microseconds:.0f} |"
            for part, seen in largest
        ),
    ]


def _number(text: str) -> float:
    """Read a figure back."""
    return float(text.replace(",", ""))
