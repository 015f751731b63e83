"""The documents of the golden set that ships: the topics of Python's own documentation.

They come with Python, as `pydoc_data.topics`, under the PSF licence. Topics whose text stands in
another one too are left out, so that each text has one name.
"""

import sys
from pathlib import Path
from pydoc_data.topics import topics
from typing import Final

from lisa.domain.knowledge.golden import Golden, read_golden

GOLDEN: Final = Path(__file__).parent / "golden.jsonl"
IN_OTHERS: Final = frozenset(
    {
        "augassign",
        "compound",
        "dynamic-features",
        "else",
        "execmodel",
        "id-classes",
        "in",
        "specialnames",
        "typesseq-mutable",
    }
)


def documents() -> dict[str, str]:
    """Return the text of each document by its file's name."""
    return {f"{name}.txt": text for name, text in topics.items() if name not in IN_OTHERS}


def golden() -> Golden:
    """Return the golden set."""
    return read_golden(GOLDEN.read_text(), GOLDEN.stem)


def write(folder: Path) -> list[Path]:
    """Write the documents into a folder, so that they can be added."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, text in documents().items():
        file = folder / name
        file.write_text(text)
        files.append(file)
    return files


if __name__ == "__main__":
    sys.stdout.write(f"{len(write(Path(sys.argv[1])))} files are in {sys.argv[1]}\n")
