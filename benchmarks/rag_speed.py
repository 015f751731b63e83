"""How fast folders become findable and passages are found, beside LangChain as LISA 6.6 has it.

The table is printed and written to `benchmarks/results/rag.md`. What takes long is kept below
`.make`: a hundred thousand vectors the first time.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.extraction import MEGABYTE, cut_up
from benchmarks.extraction import measure as extracted
from benchmarks.rag.folders import small_folder
from benchmarks.rag.langchain import LangChain, installed, langchain_over
from benchmarks.rag.report import Beside, Measured, document
from benchmarks.rag.running import Running, busiest, running, threads
from benchmarks.rag.searching import Searched, recall, searched
from benchmarks.rag.sentences import Embedded, embedded, files_of
from benchmarks.serving.contenders import ROOT
from lisa.adapters.documents.extractor import ProcessExtractor
from local.builtin.names import EMBEDDER

RESULTS: Final = ROOT / "benchmarks" / "results" / "rag.md"
PASSAGES: Final = int(os.environ.get("BENCH_PASSAGES", "100000"))
FOLDER: Final = float(os.environ.get("BENCH_MEGABYTES", "1"))
ASKED_BESIDE: Final = 100  # questions: each compares everything


def measure() -> Measured:
    """Run everything in turn."""
    known = embedded(PASSAGES)
    load = os.getloadavg()[0]
    runs = extracted()
    with tempfile.TemporaryDirectory() as place, running() as lisa:
        files = small_folder(Path(place) / "folder", FOLDER)
        _say(f"{len(files)} files are ingested")
        ingested = lisa.ingested(lisa.collection("small"), files)
        _say(f"{len(known.texts):,} passages are stored and searched")
        found = searched(lisa, known)
        beside = None
        if "--alone" not in sys.argv and installed():
            _say("the same by LangChain")
            beside = _beside(lisa, files, known, found)
    return Measured(load, runs, ingested, found, beside)


def _beside(lisa: Running, files: Sequence[Path], known: Embedded, ours: Searched) -> Beside:
    peer = langchain_over(lisa.conninfo)
    model = {"url": f"{lisa.lisa.url}/v1/embeddings", "token": lisa.token, "model": EMBEDDER}
    embedder = lisa.process("local.builtin").pid
    read, before = LangChain().read(files), threads(embedder)
    ingested = peer.ingest(files, model)
    busy = busiest(embedder, before)
    ingested["megabytes"] = sum(each.stat().st_size for each in files) / MEGABYTE
    found = langchain_over(lisa.conninfo).search(*files_of(PASSAGES), ASKED_BESIDE)
    found["passages"] = len(known.texts)
    right = recall(found["found"], ours.exact[:ASKED_BESIDE])
    return Beside(read, asyncio.run(_read(files)), ingested, busy, found, right)


async def _read(files: Sequence[Path]) -> float:
    """Read and cut the folder as LISA does; return MB of text a second of processors."""
    before, extractor = _processors(), ProcessExtractor()
    characters = sum([(await cut_up(extractor, file))[0] for file in files])
    del extractor  # what its processes took is known once they ended
    return characters / MEGABYTE / (_processors() - before)


def _processors() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print and write."""
    text = document(measure())
    print(text)
    if "--print" not in sys.argv:
        RESULTS.write_text(text)


if __name__ == "__main__":
    main()
