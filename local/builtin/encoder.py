"""Turns text into tokens and tokens into vectors, with MiniLM on the CPU."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from local.builtin.graph import graph_of
from local.builtin.texts import Span, Tokens, Vector
from local.builtin.weights import installed, verified

LARGEST_BATCH: Final = 4096  # tokens, padding counted: what more would gain is lost to memory
MOST_THREADS: Final = 4


class Encoder:
    """Neither method belongs into an event loop."""

    def __init__(self, tokenizer: Path, graph: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        options = SessionOptions()
        options.intra_op_num_threads = min(MOST_THREADS, max(1, (os.cpu_count() or 1) - 1))
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = InferenceSession(str(graph), options, ["CPUExecutionProvider"])

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return each text's tokens, with the two that MiniLM puts around it."""
        return [each.ids for each in self._tokenizer.encode_batch(list(texts))]

    def spans(self, text: str) -> list[Span]:
        """Return where in the text each of its tokens begins and ends."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def vectors(self, rows: Sequence[Tokens]) -> list[Vector]:
        """Return one vector of length 1 for each; what is computed with it changes none."""
        vectors: list[Vector] = [[] for _ in rows]
        for batch in _batches(rows):
            longest = max(len(rows[place]) for place in batch)
            ids = np.zeros((len(batch), longest), dtype=np.int64)
            mask = np.zeros_like(ids)
            for line, place in enumerate(batch):
                length = len(rows[place])
                ids[line, :length], mask[line, :length] = rows[place], 1
            (found,) = self._session.run(None, {"ids": ids, "mask": mask})
            for place, vector in zip(batch, found.tolist(), strict=True):
                vectors[place] = vector
        return vectors


def load(cache: Path) -> Encoder:
    """Return the encoder of the installed files, every byte of them verified."""
    weights = verified(installed())
    return Encoder(weights.tokenizer, graph_of(weights, cache))


def _batches(rows: Sequence[Tokens]) -> Iterator[list[int]]:
    """Put places of rows of like length together, as short ones are padded to the longest."""
    batch: list[int] = []
    for place in sorted(range(len(rows)), key=lambda place: len(rows[place])):
        if (len(batch) + 1) * len(rows[place]) > LARGEST_BATCH and batch:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
