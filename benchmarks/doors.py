"""What a function's start costs: importing its door, and the zip that is fetched before.

Each door is built alone and imported in a fresh interpreter that sees nothing else. What counts is
the processor's time, best of five: it is compiled beforehand, as it is where `make bundles` or a
deployment finds a Python of Lambda's version. Sizes are of the zip that is deployed.
"""

import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lisa.declared.doors import DOORS
from lisa.declared.entry_points import Door
from lisa.declared.serve_function import SERVE_FUNCTION
from stacks.constructs.bundle_building import build_bundle, compile_for, pack
from stacks.constructs.sources import PRODUCTION, Target, module_of

RESULT = Path(__file__).parent / "results" / "doors.md"
HERE = Target(platform.python_version())
MEGABYTE = 1024 * 1024
TIMES = 5
MOST_SECONDS, MOST_MEGABYTES = 0.6, 40
OF_LAMBDA_TOO = ("boto3", "botocore", "s3transfer")
IMPORT = """
import importlib, sys, time
sys.path.insert(0, sys.argv[1])
began = time.process_time()
importlib.import_module(sys.argv[2])
print(time.process_time() - began)
"""
WHY = (
    (
        "What a door that serves routes imports beside its own routes: FastAPI (which compiles "
        "the shapes of its own description), boto3, pydantic, and joserfc with cryptography to "
        "check who calls. The rest is the schemas of its routes: pydantic compiles all of a "
        "door's, whichever is called. What only some calls need is imported by them: the clients "
        "of stores of passages, the package of the Model Context Protocol."
    ),
    (
        "`sessions` serves all of chat and `repository` all of knowledge: no door has more routes "
        "and schemas. `serve` is the whole gateway, turns included, as one function for the idle "
        "profile; it answers streams, which no smaller door could take over."
    ),
    (
        "boto3 stays in the zip although Lambda has one: its version there changes without us, "
        "and what we test is the locked one."
    ),
    (
        "`ingest` reads every sort of document. Most of its zip are tables of all East Asian "
        "encodings (pdfminer), Pillow's codecs, lxml, pdfium, and cryptography, which pdfminer "
        "asks for encrypted files; packages are deployed as their makers published them, so no "
        "part is cut out of one."
    ),
)


@dataclass(frozen=True)
class Cost:
    """What one door's start costs."""

    name: str
    compiled: float
    source: float
    zipped: float
    without_boto: float
    unpacked: float


def seconds_to_import(door: Door, folder: Path) -> float:
    """Return the processor's time of the best of some fresh processes."""
    command = [sys.executable, "-I", "-S", "-B", "-c", IMPORT, str(folder), module_of(door)]
    return min(
        float(subprocess.run(command, env={}, capture_output=True, text=True, check=True).stdout)
        for _ in range(TIMES)
    )


def cost_of(door: Door) -> Cost:
    """Build a door twice, for this machine and for Lambda, and measure both."""
    with tempfile.TemporaryDirectory() as folder:
        here, there, packed = (Path(folder) / name for name in ("here", "there", "there.zip"))
        build_bundle(door, HERE, here)
        source = seconds_to_import(door, here)
        compile_for(HERE, here)
        build_bundle(door, PRODUCTION, there)
        pack(there, packed)
        with zipfile.ZipFile(packed) as entries:
            files = entries.infolist()
        ours = [each for each in files if not each.filename.startswith(OF_LAMBDA_TOO)]
        return Cost(
            door.name,
            seconds_to_import(door, here),
            source,
            packed.stat().st_size / MEGABYTE,
            sum(each.compress_size for each in ours) / MEGABYTE,
            sum(each.file_size for each in files) / MEGABYTE,
        )


def row(cost: Cost) -> str:
    """Write one line of the table."""
    return (
        f"| {cost.name} | {cost.compiled:.2f} | {cost.source:.2f} | {cost.without_boto:.1f} "
        f"| {cost.zipped:.1f} | {cost.unpacked:.0f} |"
    )


def document(costs: list[Cost], load_before: float) -> str:
    """Write the table, and which doors are beyond what is asked."""
    slow = [each.name for each in costs if each.compiled > MOST_SECONDS]
    large = [each.name for each in costs if each.without_boto > MOST_MEGABYTES]
    lines = [
        "# What a function's start costs",
        "",
        (
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores "
            f"(load average before: {load_before:.1f}), Python {platform.python_version()}. MB of "
            "1024². Written by `benchmarks/doors.py`."
        ),
        "",
        "| door | import, CPU-s | not compiled | zip without boto3, MB | zip, MB | unpacked, MB |",
        "|---|---|---|---|---|---|",
        *map(row, costs),
        "",
        f"More than {MOST_SECONDS} CPU-s to import: {', '.join(slow) or 'none'}.",
        f"More than {MOST_MEGABYTES} MB without boto3: {', '.join(large) or 'none'}.",
        "",
        "\n\n".join(WHY),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure every door."""
    load_before = os.getloadavg()[0]
    costs = []
    for door in (*DOORS, SERVE_FUNCTION):
        costs.append(cost_of(door))
        print(row(costs[-1]), flush=True)
    RESULT.write_text(document(costs, load_before), encoding="utf-8")


if __name__ == "__main__":
    main()
