"""LangChain beside LISA: installed into an environment of its own, over the same Postgres."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from benchmarks.serving.contenders import ROOT

PLACE: Final = ROOT / ".venv-langchain"
PROGRAM: Final = Path(__file__).with_name("langchain_peer.py")
DATABASE: Final = "langchain"


@dataclass(frozen=True)
class LangChain:
    """Runs it."""

    database: str = ""

    def read(self, files: Sequence[Path]) -> Any:
        """Read and split files."""
        return _run({"what": "read", "files": [*map(str, files)]})

    def ingest(self, files: Sequence[Path], model: Mapping[str, str]) -> Any:
        """Ingest files by a model's route."""
        asked = {"files": [*map(str, files)], "model": model, "database": self.database}
        return _run({"what": "ingest", **asked})

    def search(self, texts: Path, vectors: Path, asked: int) -> Any:
        """Ask for what is near."""
        places = {"texts": str(texts), "vectors": str(vectors), "database": self.database}
        return _run({"what": "search", "asked": asked, **places})


def langchain_over(conninfo: str) -> LangChain:
    """Give it a database of its own on the server; it is there for one use."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    where = conninfo_to_dict(conninfo)
    user, host = where["user"], quote(str(where["host"]), safe="")
    return LangChain(f"postgresql+psycopg2://{user}@/{DATABASE}?host={host}")


def installed() -> bool:
    """Install what is locked, once; tell whether it is there."""
    python, uv = PLACE / "bin" / "python", ROOT / ".venv" / "bin" / "uv"
    lock = ROOT / "benchmarks" / "langchain.txt"
    commands = (
        [uv, "venv", "--quiet", "--clear", "--python", "3.11", PLACE],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock],
    )
    done = PLACE / "installed"
    if not done.exists() and all(
        subprocess.run([*map(str, each)], check=False).returncode == 0 for each in commands
    ):
        done.touch()
    return done.exists()


def _run(told: Mapping[str, Any]) -> Any:
    with tempfile.NamedTemporaryFile() as into:
        subprocess.run(
            [str(PLACE / "bin" / "python"), "-W", "ignore", str(PROGRAM)],
            input=json.dumps({**told, "into": into.name}).encode(),
            check=True,
        )
        return json.loads(Path(into.name).read_bytes())
