"""Starts and stops the emulator: one process, one folder, one port on loopback."""

import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple, Self

import httpx

ROOT: Final = Path(__file__).parents[3]
INTERPRETER: Final = ROOT / ".venv-emulator" / "bin" / "python"
# An account of its own: the CDK's command line remembers an account per access key.
ACCOUNT: Final = "424242424242"
REGION: Final = "eu-central-1"
SECONDS_TO_START: Final = 30.0
SECONDS_TO_STOP: Final = 30.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Allowed(NamedTuple):
    """A call that a statement of its caller's role allowed."""

    role: str
    action: str
    resource: str
    statement: str


@dataclass
class Emulator:
    """An emulated account whose state lies in `folder` and outlives a restart."""

    folder: Path
    enforce_iam: bool = False
    unpacked: Path | None = None  # where emulators share what functions' codes have in common
    port: int = field(default_factory=_free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Return where every service of the account answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def credentials(self) -> dict[str, str]:
        """Return what a client of the account needs in its environment."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "not-a-secret",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }

    def whole_environment(self, folder: Path) -> dict[str, str]:
        """Return what a command needs that knows this account alone.

        How this machine reaches package indexes is kept; the CDK reads its user's wishes in a home.
        """
        ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **ours,
            **self.credentials,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "CDK_HOME": str(folder / "cdk-home"),
            "CI": "true",
        }

    def __enter__(self) -> Self:
        """Start, and return once it answers."""
        if not INTERPRETER.exists():
            raise FileNotFoundError(f"{INTERPRETER} is missing: run `make setup-dev`")
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "emulator.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(INTERPRETER), str(Path(__file__).with_name("serve.py"))],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is ours: we stop it in order, so that it writes its state down.
                start_new_session=True,
            )
        self._wait_until_it_answers(self._process)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and return once its state is written."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._process = None

    def kill(self) -> None:
        """End it with all functions, and let its state go."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def unmapped_actions(self) -> list[str]:
        """Return the calls that were let through because no IAM action is known for them."""
        noted = self._unmapped_log.read_text() if self._unmapped_log.exists() else ""
        return sorted(set(noted.splitlines()))

    def allowed(self) -> list[Allowed]:
        """Return what statements of roles have let through so far."""
        noted = self._allowed_log.read_text() if self._allowed_log.exists() else ""
        return [Allowed(*json.loads(line)) for line in noted.splitlines()]

    def put_behind_stores(self, **addresses: str) -> None:
        """Let stores that are made from now on lead there: `rds`, `opensearch`, `serverless`."""
        self._stores_file.write_text(json.dumps(addresses))

    @property
    def _stores_file(self) -> Path:
        return self.folder / "stores.json"

    @property
    def _allowed_log(self) -> Path:
        return self.folder / "allowed.log"

    @property
    def _unmapped_log(self) -> Path:
        return self.folder / f"unmapped-{'enforced' if self.enforce_iam else 'open'}.log"

    def _environment(self) -> dict[str, str]:
        """Nothing of ours but PATH: functions see the emulator's environment."""
        state, temporary = self.folder / "state", self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TMPDIR": str(temporary),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
            "AUTH": "true" if self.enforce_iam else "false",
            "UNMAPPED_ACTIONS_LOG": str(self._unmapped_log),
            "ALLOWED_LOG": str(self._allowed_log),
            "UNPACKED_DIR": str(self.unpacked or ""),
            "STORES_FILE": str(self._stores_file),
        }

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            try:
                httpx.get(f"{self.endpoint}/_ministack/health", timeout=1)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        log = (self.folder / "emulator.log").read_text()[-2000:]
        self.__exit__()
        raise RuntimeError(f"the emulator does not answer:\n{log}")
