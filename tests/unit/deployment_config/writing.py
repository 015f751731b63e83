"""Writes configurations and says what becomes of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from deployment.config.reading import Chosen, choose
from lisa.domain.errors import Invalid


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "lisa.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def chosen(
    folder: Path,
    text: str = "",
    *,
    environ: Mapping[str, str] | None = None,
    options: Iterable[str] = (),
) -> Chosen:
    return choose(written(folder, text), environ=environ or {}, options=options)


def problems(
    folder: Path,
    text: str | bytes = "",
    *,
    environ: Mapping[str, str] | None = None,
    options: Iterable[str] = (),
) -> list[str]:
    """Return what is told of a configuration that is refused, with the file as `F`."""
    file = written(folder, text)
    with pytest.raises(Invalid) as refused:
        choose(file, environ=environ or {}, options=options)
    return [line.replace(str(file), "F") for line in refused.value.message.splitlines()]
