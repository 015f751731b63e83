"""Embeds texts by the built-in embedder's own code, in its own environment, on all cores.

Texts come as JSON on standard input; their vectors go into a file, as numbers of four bytes. What
a former run had embedded when it ended isn't embedded again.
"""

import json
import multiprocessing
import os
import sys
from array import array
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from local.builtin.encoder import Encoder, load

BATCH: Final = 256


@cache
def encoder(folder: Path) -> Encoder:
    """Load it once in each process."""
    return load(folder)


def vectors(asked: tuple[Path, Sequence[str]]) -> bytes:
    """Embed a batch."""
    folder, texts = asked
    by = encoder(folder)
    rows = by.vectors(by.tokens(texts))
    return array("f", (number for row in rows for number in row)).tobytes()


def main() -> None:
    """Embed everything, then give the file its name."""
    folder, file = map(Path, sys.argv[1:])
    texts: list[str] = json.load(sys.stdin)
    batches = [(folder, texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
    draft = file.with_suffix(".new")
    draft.touch()
    a_batch = BATCH * len(vectors((folder, texts[:1])))
    there = draft.stat().st_size // a_batch
    os.truncate(draft, there * a_batch)
    with multiprocessing.get_context("spawn").Pool() as pool, draft.open("ab") as written:
        for done, made in enumerate(pool.imap(vectors, batches[there:]), start=there + 1):
            written.write(made)
            if done % 20 == 0:
                print(f"{done / len(batches):.0%}", flush=True)
    draft.replace(file)


if __name__ == "__main__":
    main()
