"""Runs the CDK's pinned command line, from the checkout that this command belongs to."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.domain.errors import Invalid, Unavailable

CHECKOUT: Final = Path(__file__).parents[1]
CDK: Final = Path("node_modules", ".bin", "cdk")
MOST_STACKS_AT_ONCE: Final = 4
QUIET: Final[Mapping[str, str]] = {
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
}


@dataclass(frozen=True)
class Toolkit:
    """The CDK's command line. All that it says goes to standard error, while it says it."""

    checkout: Path = CHECKOUT
    region: str = ""

    def synthesise(self, config: Path | None, options: Sequence[str], folder: Path) -> None:
        """Write the templates of a configuration, and what goes with them, into a folder."""
        chosen = [f"config={config.resolve()}"] if config else []
        pairs = [word for each in (*chosen, *options) for word in ("--context", each)]
        code = self._run(
            *("synth", "--quiet", "--output", str(folder)),
            *("--app", f"{shlex.quote(sys.executable)} app.py"),
            *pairs,
        )
        if code:
            raise Invalid(
                "the templates couldn't be written (see above)",
                next_step="mend what is named there, and try again",
                code="synthesis",
            )

    def deploy(self, assembly: Path, outputs: Path) -> int:
        """Deploy all stacks of an assembly; return how it ended."""
        return self._run(
            *("deploy", "--app", str(assembly.resolve()), "--all"),
            *("--require-approval", "never", "--concurrency", str(MOST_STACKS_AT_ONCE)),
            *("--progress", "events", "--outputs-file", str(outputs.resolve())),
        )

    def destroy(self, assembly: Path) -> int:
        """Remove all stacks of an assembly; return how it ended."""
        return self._run("destroy", "--app", str(assembly.resolve()), "--all", "--force")

    def _run(self, *arguments: str) -> int:
        program = self.checkout / CDK
        if not program.exists() or not shutil.which("node"):
            raise Invalid(
                "the CDK's command line, or Node.js that runs it, is not there",
                next_step=f"run `make setup-dev` in {self.checkout}",
                code="no_cdk",
            )
        region = {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        environ = {**os.environ, **QUIET, **(region if self.region else {})}
        try:
            process = subprocess.Popen(
                [str(program), *arguments],
                cwd=self.checkout,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),
            )
        except OSError as error:
            raise Unavailable(
                f"the CDK's command line doesn't start: {error}",
                next_step="run `make setup-dev` in the checkout",
            ) from error
        with process:
            return process.wait()
