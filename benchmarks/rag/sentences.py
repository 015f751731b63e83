"""A hundred thousand real passages of a sentence's size, as this machine's packages document them.

They come from Python's documentation, from docstrings and comments of what is installed, and from
its README files. Each is embedded by the built-in embedder, once: what was made is kept.
"""

import hashlib
import json
import re
import subprocess
import sysconfig
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from pydoc_data.topics import topics
from typing import Final

from benchmarks.rag.topics import golden
from benchmarks.serving.contenders import ROOT

KEPT: Final = ROOT / ".make" / "rag"
EMBEDDER: Final = ROOT / ".venv-builtin" / "bin" / "python"
WIDTH: Final = 384
QUESTIONS: Final = 300
PLACES: Final = (
    (sysconfig.get_path("purelib"), "*.py"),
    (sysconfig.get_path("stdlib"), "*.py"),
    (str(ROOT / "node_modules"), "*.md"),
    (str(ROOT / "ui" / "node_modules"), "*.md"),
)
LARGEST: Final = 2_000_000
STRINGS: Final = re.compile(r'"""(.*?)"""', re.DOTALL)
ENDS: Final = re.compile(r"(?<=[.?!])\s+(?=[A-Z])|\n\s*\n")
SENTENCE: Final = re.compile(r"[A-Z][\w ,;:'()/`*\"-]{40,280}[.?!]")
WORDS: Final = range(7, 50)
Vector = Sequence[float]


@dataclass(frozen=True)
class Embedded:
    """Texts and their vectors; the questions are of the same kind, and none of the texts."""

    texts: Sequence[str]
    vectors: Sequence[Vector]
    questions: Sequence[str]
    asked: Sequence[Vector]


def embedded(count: int) -> Embedded:
    """Return so many texts with their vectors, embedded now where that isn't kept."""
    of_texts, of_vectors = files_of(count)
    texts, questions = json.loads(of_texts.read_text())
    numbers = array("f", of_vectors.read_bytes())
    both = [numbers[start : start + WIDTH] for start in range(0, len(numbers), WIDTH)]
    return Embedded(texts, both[: len(texts)], questions, both[len(texts) :])


def files_of(count: int) -> tuple[Path, Path]:
    """Return where texts and questions, and the vectors of both, are kept.

    The texts are kept, too: what is installed changes, and all would have to be embedded anew.
    """
    file = KEPT / f"sentences-{count}.json"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(_chosen(count)))
    texts, questions = json.loads(file.read_text())
    return file, _vectors([*texts, *questions])


def _chosen(count: int) -> tuple[list[str], list[str]]:
    """Take any of all, the same ones each time; a third of the questions are of the golden set."""
    found = {text: None for source in _sources() for text in _sentences(source)}
    mixed = sorted(found, key=lambda text: hashlib.sha256(text.encode()).digest())
    asked = [each.question for each in golden().questions][: QUESTIONS // 3]
    questions = [*asked, *mixed[: QUESTIONS - len(asked)]]
    texts = mixed[QUESTIONS : QUESTIONS + count]
    if len(texts) < count:
        raise RuntimeError(f"there are {len(texts)} sentences on this machine, not {count}")
    return texts, questions


def _sources() -> Iterator[str]:
    yield from topics.values()
    for folder, pattern in PLACES:
        for file in sorted(Path(folder).rglob(pattern)):
            if file.is_file() and file.stat().st_size < LARGEST:
                text = file.read_text(errors="replace")
                yield from STRINGS.findall(text) if pattern == "*.py" else [text]


def _sentences(text: str) -> Iterator[str]:
    for part in ENDS.split(text):
        sentence = " ".join(part.split())
        if SENTENCE.fullmatch(sentence) and len(sentence.split()) in WORDS:
            yield sentence


def _vectors(texts: Sequence[str]) -> Path:
    asked = json.dumps(texts).encode()
    file = KEPT / f"vectors-{hashlib.sha256(asked).hexdigest()[:16]}"
    if not file.exists():
        print(f"{len(texts):,} sentences are embedded, which takes a while once", flush=True)
        command = [str(EMBEDDER), "-m", "benchmarks.rag.embedding", str(KEPT), str(file)]
        subprocess.run(command, input=asked, check=True, cwd=ROOT)
    return file
