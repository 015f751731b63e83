"""Where files of models lie: what is wanted of each, and what its replicas said."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

WISH: Final = "wish.json"
REPLICA: Final = re.compile(r"^replica-[0-9a-f]{8}$")


@dataclass(frozen=True)
class ModelFolder:
    """One model's folder."""

    home: Path
    model_id: str

    @property
    def path(self) -> Path:
        """Return the folder; no model's name leads out of it."""
        return self.home / quote(self.model_id, safe="").replace(".", "%2E")

    @property
    def wish(self) -> Path:
        """Return the file of what is wanted."""
        return self.path / WISH

    def log(self, replica: str) -> Path:
        """Return the folder of a replica's log."""
        return self.path / "logs" / replica

    def logs(self) -> list[Path]:
        """Return the folders of all logs, the one that was made last at the end."""
        found = (self.path / "logs").glob("replica-*")
        return sorted(found, key=lambda each: each.stat().st_mtime)
