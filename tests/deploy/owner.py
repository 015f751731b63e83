"""The owner of an account: runs the real commands, from its first day on."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3

from lisa.declared.doors import DOORS
from stacks.constructs.bundle_building import TARGETS, build_bundle, pack, zip_name
from tests.standins.aws_emulator.access import session_of
from tests.standins.aws_emulator.deployment import CDK
from tests.standins.aws_emulator.process import ACCOUNT, REGION, ROOT, Emulator

SECONDS: Final = 1200  # on a busy machine
ASKED: Final = frozenset({"authorizer"})  # what other functions would do nobody asks here
EMULATOR: Final = TARGETS["emulator"]


@dataclass(frozen=True)
class Ended:
    """A command that ended."""

    code: int
    out: str
    said: str

    @property
    def document(self) -> Any:
        """Return what a program is told."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Owner:
    """Somebody with all rights in an emulated account, and a folder."""

    emulator: Emulator
    folder: Path

    def client(self, service: str) -> Any:
        """Return a client of AWS's own."""
        session: boto3.session.Session = session_of()
        client: Any = session.client(service, endpoint_url=self.emulator.endpoint)  # type: ignore[call-overload] # by a name
        return client

    def bootstrap(self) -> None:
        """Make the account ready for the CDK, as it asks for once."""
        (self.folder / "cwd").mkdir()
        (self.folder / ".cdk.json").write_text('{"context": {"lisa:bundle-for": "emulator"}}')
        subprocess.run(
            [str(CDK), "bootstrap", f"aws://{ACCOUNT}/{REGION}"],
            cwd=self.folder / "cwd",
            env={**self.emulator.whole_environment(self.folder), "HOME": str(self.folder)},
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )

    def bundles(self) -> Path:
        """Return a folder with a zip for each function; only those that are asked hold code."""
        folder = self.folder / "bundles"
        folder.mkdir()
        for door in DOORS:
            built = self.folder / "built" / door.name
            built.mkdir(parents=True)
            if door.name in ASKED:
                build_bundle(door, EMULATOR, built)
            else:
                (built / "empty.py").write_text("")
            pack(built, folder / zip_name(door, EMULATOR))
        return folder

    def lisa(self, *arguments: str) -> Ended:
        """Run the command to its end."""
        with self._started(arguments) as process:
            out, said = process.communicate(timeout=SECONDS)
        return Ended(process.returncode, out, said)

    def interrupted(self, *arguments: str, after: str) -> Ended:
        """Run it, and press Ctrl-C once it has said that."""
        said = ""
        with self._started(arguments) as process:
            assert process.stderr is not None
            for line in process.stderr:
                said += line
                if after in line:
                    os.killpg(process.pid, signal.SIGINT)
                    break
            out, rest = process.communicate(timeout=SECONDS)
        return Ended(process.returncode, out, said + rest)

    def here(self, url: str) -> str:
        """Turn API Gateway's public address into the one that the emulator serves it under."""
        parts = urlsplit(url)
        api, stage = parts.netloc.split(".")[0], parts.path.strip("/")
        return f"{self.emulator.endpoint}/restapis/{api}/{stage}/_user_request_"

    def _started(self, arguments: tuple[str, ...]) -> subprocess.Popen[str]:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # where tests run in the background
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", *arguments],
            cwd=ROOT,
            env={**self.emulator.whole_environment(self.folder), "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
