"""`make deploy-local`: the whole deployment in an emulated account, until Ctrl-C."""

import asyncio
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.standins.aws_emulator.access import issue_token
from tests.standins.aws_emulator.deployment import Deployment, DeploymentFailed
from tests.standins.aws_emulator.process import Emulator


def main() -> int:
    """Deploy, say how to call it, and stay until a signal comes."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="lisa-deploy-") as folder:
        try:
            deploy_and_stay(Path(folder))
        except DeploymentFailed as failure:
            say(str(failure))
            return 1
        except KeyboardInterrupt:
            say("stopped")
    return 0


def deploy_and_stay(folder: Path) -> None:
    """Run the emulator, deploy into it, and keep it running."""
    started = time.monotonic()
    with Emulator(folder / "account") as emulator:
        say(f"AWS emulator (ministack) on {emulator.endpoint}; deploying all stacks ...")
        url = Deployment(emulator, folder / "deployment").deploy()
        token = folder / "token"
        token.touch(mode=0o600)
        token.write_text(asyncio.run(issue_token(emulator, "you")))
        say(f"deployed in {time.monotonic() - started:.0f} s\n")
        say(f"control API:   {url}")
        say(f"data and logs: {folder} (removed at the end)\n")
        say(f'curl -H "Authorization: Bearer $(cat {token})" {url}/sessions\n')
        say("Ctrl-C ends it")
        signal.pause()


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
