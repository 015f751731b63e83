"""Remembers what an installation was made from, so that the next set-up skips what is current."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_SOURCES = {"node_modules", "dist", "test-results"}


def sources_below(folder: Path) -> Iterator[Path]:
    """Yield the files a build reads, in a fixed order."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and entry.name not in NOT_SOURCES:
            yield from sources_below(entry)
        elif entry.is_file():
            yield entry


def digest_of(files: Iterable[Path], *facts: str) -> str:
    """Condense files and facts; the checkout's own path counts, for environments can't be moved."""
    total = hashlib.sha256(repr((str(ROOT), *facts)).encode())
    for file in files:
        total.update(f"{file.relative_to(ROOT)} {file.stat().st_size}\n".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


class Stamp:
    """What one installation was made from: a level (`app` or `dev`) and a digest."""

    def __init__(self, name: str) -> None:
        """Name the installation."""
        self.file = ROOT / ".make" / name

    @property
    def level(self) -> str:
        """Answer the level installed last, "" if none."""
        return self.file.read_text().split(" ")[0] if self.file.exists() else ""

    def at_least(self, wanted: str) -> str:
        """Never take away what an earlier `setup-dev` brought."""
        return "dev" if self.level == "dev" else wanted

    def is_current(self, level: str, digest: str) -> bool:
        """Compare with what was installed last."""
        return self.file.exists() and self.file.read_text() == f"{level} {digest}"

    def write(self, level: str, digest: str) -> None:
        """Remember a finished installation."""
        self.file.parent.mkdir(exist_ok=True)
        self.file.write_text(f"{level} {digest}")

    def forget(self) -> None:
        """Make sure that an installation that breaks off halfway doesn't look finished."""
        self.file.unlink(missing_ok=True)
