"""Deploys the whole app into the emulator with the CDK's own command line."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import yaml  # type: ignore[import-untyped] # it has no types

from tests.standins.aws_emulator.cognito import RETURN_TO
from tests.standins.aws_emulator.process import ACCOUNT, REGION, ROOT, Emulator

CDK: Final = ROOT / "node_modules" / ".bin" / "cdk"
CONFIG: Final = ROOT / "config" / "emulator.yaml"
SECONDS: Final = 480


class DeploymentFailed(Exception):
    """A step of the deployment failed; the message holds the end of its output."""


@dataclass(frozen=True)
class Deployment:
    """A deployment of the app in an emulator, put together in `folder`."""

    emulator: Emulator
    folder: Path

    def deploy(self) -> str:
        """Deploy everything; return the URL under which the control API answers."""
        if not CDK.exists():
            raise FileNotFoundError(f"{CDK} is missing: run `make setup-dev`")
        assembly, outputs = self.folder / "cdk.out", self.folder / "outputs.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor() as both:
            synthesised = both.submit(self._synthesise, assembly)
            self._cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}", cwd=self.folder)
            synthesised.result()
        self._cdk(
            *("deploy", "--app", str(assembly), "--all", "--require-approval", "never"),
            *("--concurrency", "3", "--outputs-file", str(outputs)),
            cwd=self.folder,
        )
        return self._local_url(json.loads(outputs.read_text()))

    def _synthesise(self, assembly: Path) -> None:
        config = self.folder / "config.yaml"
        # Tokens name AWS as their issuer, the emulator has its keys and pages.
        here = self.emulator.endpoint
        known = yaml.safe_load(CONFIG.read_text())
        known["identity"] = {"cognito": {"keys_from": here, "callback_urls": [RETURN_TO]}}
        known["serve"]["origins"] = [here]
        config.write_text(yaml.safe_dump(known))
        self._cdk(
            *("synth", "--quiet", "--output", str(assembly)),
            *("--app", f"{sys.executable} app.py"),
            *("--context", f"config={config}", "--context", "lisa:bundle-for=emulator"),
            cwd=ROOT,
        )

    def _cdk(self, *arguments: str, cwd: Path) -> None:
        done = subprocess.run(
            [str(CDK), *arguments],
            cwd=cwd,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            raise DeploymentFailed(f"cdk {arguments[0]}:\n{done.stdout[-6000:]}")

    def _environment(self) -> dict[str, str]:
        return {
            **self.emulator.whole_environment(self.folder),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        }

    def _local_url(self, outputs: dict[str, dict[str, str]]) -> str:
        """Turn API Gateway's public URL into the one the emulator serves it under."""
        public = next(out["Url"] for out in outputs.values() if "Url" in out)
        parts = urlsplit(public)
        api = parts.netloc.split(".")[0]
        stage = parts.path.strip("/")
        return f"{self.emulator.endpoint}/restapis/{api}/{stage}/_user_request_"
