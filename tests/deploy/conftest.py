"""One deployment into an emulated account, visited twice: IAM open, and IAM enforced."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.standins.aws_emulator.access import issue_token
from tests.standins.aws_emulator.deployment import Deployment
from tests.standins.aws_emulator.process import Emulator

LET_THROUGH = pytest.StashKey[list[str]]()


@dataclass(frozen=True)
class Deployed:
    """A deployment whose emulator has stopped; everything lies in its folder."""

    folder: Path
    port: int
    url: str
    tokens: dict[str, str]


@dataclass(frozen=True)
class Account:
    """The deployment with its emulator running."""

    emulator: Emulator
    deployed: Deployed

    def client(self, caller: str = "") -> httpx.Client:
        """Return a client of the control API with this caller's token, or with none."""
        token = self.deployed.tokens.get(caller, "")
        return httpx.Client(
            base_url=self.deployed.url,
            headers={"authorization": f"Bearer {token}"} if token else {},
            timeout=60,
        )


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """Deploy everything, make two callers known, and stop."""
    folder = tmp_path_factory.mktemp("aws")
    with Emulator(folder / "account") as emulator:
        url = Deployment(emulator, folder / "deployment").deploy()
        tokens = {
            name: asyncio.run(issue_token(emulator, name, admin=name == "root"))
            for name in ("ada", "grace", "root")
        }
    shutil.rmtree(folder / "deployment")  # pytest keeps its folders, and bundles are large
    return Deployed(emulator.folder, emulator.port, url, tokens)


@pytest.fixture(scope="session", params=["iam open", "iam enforced"])
def account(request: pytest.FixtureRequest, deployed: Deployed) -> Iterator[Account]:
    """Start the emulator again on what was deployed."""
    enforced = request.param == "iam enforced"
    with Emulator(deployed.folder, enforce_iam=enforced, port=deployed.port) as emulator:
        yield Account(emulator, deployed)
        if enforced:
            request.config.stash[LET_THROUGH] = emulator.unmapped_actions()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what IAM enforcement did not cover, so that nobody takes it for proven."""
    let_through = terminalreporter.config.stash.get(LET_THROUGH, None)
    if let_through is None:
        return
    terminalreporter.section("calls the emulator let through without an IAM action")
    for call in let_through or ["none"]:
        terminalreporter.line(call)
