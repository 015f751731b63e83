"""One deployment into an emulated account, and copies of it to visit: IAM enforced, or open.

With `-n 2` each process visits copies of its own. With IAM open, what fails doesn't fail for a
grant that is missing; `make prove` looks at that, too.
"""

import asyncio
import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # it has no types

from tests.deploy.rights import RECORDS, forget, record_of
from tests.standins.aws_emulator.access import issue_token
from tests.standins.aws_emulator.deployment import Deployment
from tests.standins.aws_emulator.process import Emulator

ACCOUNTS = ("iam open", "iam enforced")
OWN_ACCOUNT = "test_commands_on_aws"
LET_THROUGH = pytest.StashKey[set[str]]()
TOLD = "calls the emulator let through"  # by a process of xdist to the one that tells us


@dataclass(frozen=True)
class Deployed:
    """A deployment whose emulator has stopped; everything lies in its folder."""

    folder: str
    port: int
    url: str
    tokens: dict[str, str]

    def copied_to(self, emulator: Emulator) -> "Deployed":
        """Copy all there is to an emulator that hasn't started, and tell all of it its port."""
        shutil.copytree(Path(self.folder, "state"), emulator.folder / "state")
        ours, its = f":{self.port}", f":{emulator.port}"
        for file in (emulator.folder / "state").rglob("*"):
            if file.is_file() and file.suffix != ".zip":
                content = file.read_bytes()
                file.write_bytes(content.replace(ours.encode(), its.encode()))
        url = self.url.replace(ours, its)
        return Deployed(str(emulator.folder), emulator.port, url, self.tokens)


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


def pytest_sessionstart(session: pytest.Session) -> None:
    """Forget which rights were used, before anybody uses them."""
    if not hasattr(session.config, "workerinput"):
        forget(session.config.args)


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Deployed:
    """Deploy once, whichever process comes first."""
    ours = tmp_path_factory.getbasetemp()
    folder = (ours if worker_id == "master" else ours.parent) / "aws"
    folder.mkdir(exist_ok=True)
    note = folder / "deployed.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(json.dumps(asdict(deploy(folder))))
    return Deployed(**json.loads(note.read_text()))


def deploy(folder: Path) -> Deployed:
    """Deploy everything, make callers known, and stop."""
    with Emulator(folder / "account") as emulator:
        url = Deployment(emulator, folder / "deployment").deploy()
        tokens = {
            name: asyncio.run(issue_token(emulator, name, admin=name == "root"))
            for name in ("ada", "grace", "root")
        }
    keep_templates(folder / "deployment" / "cdk.out", folder / "templates")
    shutil.rmtree(folder / "deployment")  # pytest keeps its folders, and bundles are large
    return Deployed(str(emulator.folder), emulator.port, url, tokens)


def keep_templates(assembly: Path, folder: Path) -> None:
    """Keep of what was synthesised what a plan is made from."""
    folder.mkdir()
    for file in (assembly / "manifest.json", *assembly.glob("*.template.json")):
        shutil.copy(file, folder)


@pytest.fixture(
    scope="session", params=[pytest.param(ACCOUNTS[0], marks=pytest.mark.slow), *ACCOUNTS[1:]]
)
def account(
    request: pytest.FixtureRequest, deployed: Deployed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Account]:
    """Start an emulator on a copy of what was deployed."""
    enforced = request.param == "iam enforced"
    unpacked = Path(deployed.folder, "unpacked")
    emulator = Emulator(tmp_path_factory.mktemp("copy"), enforced, unpacked)
    copy = deployed.copied_to(emulator)
    with emulator:
        yield Account(emulator, copy)
        if enforced:
            record_of(emulator, Path(deployed.folder).parent / "templates").write(RECORDS)
        emulator.kill()
    if enforced:
        calls = emulator.unmapped_actions()
        note(request.config, calls)
        getattr(request.config, "workeroutput", {})[TOLD] = calls
    for large in ("state", "tmp"):
        shutil.rmtree(emulator.folder / large)


def note(config: pytest.Config, calls: Iterable[str]) -> None:
    """Keep for the summary which calls no IAM action stood for."""
    config.stash.setdefault(LET_THROUGH, set()).update(calls)


class ByFile(LoadScopeScheduling):  # type: ignore[misc] # untyped
    """Keeps the tests of one file and account in one process."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file + next((each for each in ACCOUNTS if each in nodeid), "")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Let processes take files in the order in which they stand."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what deploys into an account of its own, while another process deploys ours."""
    items.sort(key=lambda item: OWN_ACCOUNT not in item.nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take from a process what we are to list."""
    if TOLD in (told := getattr(node, "workeroutput", {})):
        note(node.config, told[TOLD])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what IAM enforcement did not cover, so that nobody takes it for proven."""
    let_through = terminalreporter.config.stash.get(LET_THROUGH, None)
    if let_through is None:
        return
    terminalreporter.section("calls the emulator let through without an IAM action")
    for call in sorted(let_through) or ["none"]:
        terminalreporter.line(call)
