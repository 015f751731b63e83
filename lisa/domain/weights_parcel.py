"""Which files of a folder make up a model, each of them looked into before any is sent away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.domain.errors import Invalid
from lisa.domain.gguf import read_gguf
from lisa.domain.safetensors import read_safetensors
from lisa.domain.weights import PICKLED, ModelFacts
from lisa.domain.weights_folder import read_weights
from lisa.domain.weights_manifest import MANIFEST

HEADERS: Final[Mapping[str, Callable[[Path], object]]] = {
    ".safetensors": read_safetensors,
    ".gguf": read_gguf,
}


@dataclass(frozen=True)
class Parcel:
    """A file to send, and under which name."""

    name: str
    file: Path


@dataclass(frozen=True)
class Packed:
    """All files to send, those that are left behind, and what the model says of itself."""

    parcels: Sequence[Parcel]
    left: Sequence[str]
    facts: ModelFacts


def pack(path: Path) -> Packed:
    """Choose the files of a folder, or of one GGUF model; all that is missing or torn is named.

    Hidden files are not of the model, and pickled weights can run code where they are loaded.
    """
    try:
        return _pack(path)
    except OSError as error:
        raise Invalid(
            f"{error.filename} can't be read: {error.strerror}",
            next_step="look at whom it belongs to",
            code="weights_unreadable",
        ) from error


def _pack(path: Path) -> Packed:
    facts = read_weights(path)
    if path.suffix == ".gguf":
        return Packed([Parcel(name, path.parent / name) for name in facts.files], [], facts)
    parcels = [Parcel(name, path / name) for name in _names_below(path)]
    pickled = [each.name for each in parcels if each.name.endswith(PICKLED)]
    chosen = [each for each in parcels if each.name not in {*pickled, MANIFEST}]
    _refuse_torn([each for each in chosen if each.name not in facts.files])
    return Packed(chosen, pickled, facts)


def _names_below(folder: Path) -> list[str]:
    found = (each.relative_to(folder) for each in folder.rglob("*") if each.is_file())
    return sorted(
        each.as_posix() for each in found if not any(step.startswith(".") for step in each.parts)
    )


def _refuse_torn(parcels: Sequence[Parcel]) -> None:
    """Look into the headers of what the model doesn't need by its own word, but is sent along."""
    for each in parcels:
        look = HEADERS.get(each.file.suffix)
        if look:
            look(each.file)
