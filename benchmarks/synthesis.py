"""How long synthesising takes, and deploying again what hasn't changed.

Both with the CDK's own command line, as people run it: synthesis with all rules of cdk-nag and with
the bundles of the run before, as assets whose files haven't changed are not built again; deploying
into an account of the emulator on this machine, where everything stands already.
"""

import datetime as dt
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.standins.aws_emulator.deployment import Deployment
from tests.standins.aws_emulator.process import Emulator

ROOT: Final = Path(__file__).parents[1]
RESULT: Final = Path(__file__).parent / "results" / "synthesis.md"
CDK: Final = ROOT / "node_modules" / ".bin" / "cdk"
CONFIGURATIONS: Final = ("full", "production")
TIMES: Final = 3
MOST_TO_SYNTHESISE, MOST_TO_DEPLOY = 15, 5
SECONDS: Final = 1800


@dataclass(frozen=True)
class Cost:
    """What a command took: of the clock, and of the processors."""

    what: str
    limit: float
    clock: float
    computed: float


def computed() -> float:
    """Return the seconds that commands which have ended computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(what: str, limit: float, command: Sequence[str], more: Mapping[str, str]) -> Cost:
    """Run a command of the CDK."""
    began, before = time.monotonic(), computed()
    subprocess.run(
        [str(CDK), *command],
        cwd=ROOT,
        env={**os.environ, "CDK_DISABLE_CLI_TELEMETRY": "true", "CI": "true", **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    return Cost(what, limit, time.monotonic() - began, computed() - before)


def best(what: str, limit: float, command: Sequence[str], more: Mapping[str, str]) -> Cost:
    """Run it once to have what it leaves, and then some times."""
    run(what, limit, command, more)
    return min((run(what, limit, command, more) for _ in range(TIMES)), key=lambda each: each.clock)


def synthesis(name: str, folder: Path) -> Cost:
    """Synthesise an example of a deployment, for Lambda's own Python."""
    command = (
        *("synth", "--quiet", "--output", str(folder / name)),
        *("--app", f"{sys.executable} app.py", "--context", f"config=config/{name}.yaml"),
    )
    return best(f"synthesise `config/{name}.yaml`", MOST_TO_SYNTHESISE, command, {})


def deploying_again(folder: Path) -> Cost:
    """Deploy what stands already as it should."""
    with Emulator(folder / "account") as emulator:
        Deployment(emulator, folder / "deployment").deploy()
        command = (
            *("deploy", "--app", str(folder / "deployment" / "cdk.out"), "--all"),
            *("--require-approval", "never", "--concurrency", "3"),
        )
        nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        return best(
            "deploy `config/emulator.yaml` again as it was synthesised: nothing has changed",
            MOST_TO_DEPLOY,
            command,
            {**emulator.credentials, **nowhere, "CDK_HOME": str(folder / "cdk-home")},
        )


def document(costs: Sequence[Cost], load_before: float) -> str:
    """Write the table, and what takes longer than is asked."""
    slow = [each.what for each in costs if each.clock > each.limit]
    rows = [
        f"| {each.what} | {each.clock:.1f} | {each.computed:.1f} | {each.limit:g} |"
        for each in costs
    ]
    lines = [
        "# Synthesising, and deploying again",
        "",
        (
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores "
            f"(load average before: {load_before:.1f}), Python {platform.python_version()}; best "
            f"of {TIMES} after a first run that builds bundles. Written by "
            "`benchmarks/synthesis.py`."
        ),
        "",
        "| what | seconds | CPU-s of the CDK and the app | at most |",
        "|---|---|---|---|",
        *rows,
        "",
        f"Longer than asked: {', '.join(slow) or 'none'}.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure both."""
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="lisa-synthesis-") as folder:
        costs = [synthesis(name, Path(folder)) for name in CONFIGURATIONS]
        costs.append(deploying_again(Path(folder)))
    text = document(costs, load_before)
    print(text)
    RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
