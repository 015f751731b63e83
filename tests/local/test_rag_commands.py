"""`lisa rag ...` against a whole LISA: its own Postgres, worker and built-in embedder.

The golden set that ships keeps the figures of retrieval from falling.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.rag.topics import GOLDEN, write
from tests.local.supervised import Local
from tests.local.test_cli import Lisa, Said, lisa

__all__ = ["lisa"]

FLOORS = {"dense": 0.87, "lexical": 0.81, "hybrid": 0.89}  # of recall@10
PATIENCE = 900

Rag = Callable[..., Said]


@pytest.fixture(scope="module")
def running(shared_home: Path) -> Iterator[Local]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LISA_")}
    started = Local(shared_home, environ)
    try:
        started.up()
        yield started
    finally:
        started.end()


@pytest.fixture
def rag(lisa: Lisa, running: Local) -> Rag:
    """Run a command of `lisa rag` against the LISA that runs."""
    return lambda *arguments: lisa("rag", *arguments, "--home", str(running.home))


def made(rag: Rag, name: str) -> str:
    """Make a collection; return how commands name it."""
    said: Any = rag("collections", "--create", name, "--language", "english", "--json").document
    return str(said["vectorStoreId"])


def asked(rag: Rag, *arguments: str) -> Any:
    said = rag(*arguments, "--json")
    assert said.code == 0, said.err
    return said.document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lay out three files, one of them hidden and one of them broken."""
    top = tmp_path / "manuals"
    (top / "deep").mkdir(parents=True)
    (top / ".git").mkdir()
    (top / "deep" / "owls.md").write_text("# Owls\n\nOwls hunt mice at night.\n")
    (top / "whales.txt").write_text("Whales sing in the deep sea.\n")
    (top / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of the kind")
    (top / ".git" / "config").write_text("hidden")
    return top


@pytest.mark.timeout(PATIENCE)
def test_a_folder_is_added_found_tried_again_and_removed(rag: Rag, folder: Path) -> None:
    place = made(rag, "Animals")
    about = ("--tag", "animals", "--fact", "year=2024", "--wait")
    added = rag("add", str(folder), "--to", place, *about)
    assert (added.code, added.out) == (1, "2 done, 1 failed\n")
    assert "broken.pdf: " in added.err
    assert "  -> " in added.err
    found: Any = asked(rag, "documents", "--in", place)["documents"]
    names = {each["name"]: each for each in found}
    assert set(names) == {"deep/owls.md", "whales.txt", "broken.pdf"}
    assert names["whales.txt"]["tags"] == ["animals"]
    assert names["whales.txt"]["facts"] == {"year": 2024}
    failed = asked(rag, "documents", "--in", place, "--status", "failed")["documents"]
    assert [each["name"] for each in failed] == ["broken.pdf"]
    assert rag("retry", "--in", place, "--wait").code == 1
    hits = asked(rag, "search", "who hunts at night?", "--in", place, "--limit", "1")["hits"]
    assert [hit["name"] for hit in hits] == ["deep/owls.md"]
    removed = rag("remove", names["whales.txt"]["documentId"], "--in", place, "--wait")
    assert (removed.code, removed.out) == (0, "1 done, 0 failed\n")
    assert "whales.txt" not in rag("documents", "--in", place).out


@pytest.mark.timeout(PATIENCE)
def test_a_search_tells_how_it_found_and_keeps_to_a_filter(rag: Rag, tmp_path: Path) -> None:
    place = made(rag, "Years")
    for year in (2023, 2024):
        file = tmp_path / f"{year}.txt"
        file.write_text(f"The budget of {year} is a secret of the board.\n")
        added = rag("add", str(file), "--to", place, "--fact", f"year={year}", "--wait")
        assert added.code == 0, added.err
    newer = json.dumps({"type": "gte", "key": "year", "value": 2024})
    query = ("search", "budget", "--in", place, "--mode", "lexical", "--filter", newer)
    told = rag(*query, "--scores")
    assert " 1. 2024.txt\n" in told.out
    assert "2023.txt" not in told.out
    assert "lexical_rank 1" in told.out
    assert " ms" in told.out.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("add", "/nowhere/at/all"), "there is no /nowhere/at/all"),
        (("search", "q", "--in", "local"), "'local' names no collection"),
        (("search", "q", "--in", "local.none"), "there is no collection none in local"),
        (("search", "q", "--filter", "year>1"), "--filter is no JSON object"),
        (("search", "q", "--rerank", "none"), "there is no model none that ranks"),
        (("documents", "--status", "lost"), "'lost' is no status"),
        (("eval", "--golden", "/nowhere"), "/nowhere can't be read"),
        (("eval", "--golden", "/nowhere", "--answers"), "--answers and --model belong together"),
        (("compare", "run_1", "run_2"), "there is no run run_1"),
    ],
)
def test_what_cannot_be_is_refused_with_a_next_step(
    rag: Rag, arguments: tuple[str, ...], why: str
) -> None:
    said = rag(*arguments)
    assert said.code == 1
    assert said.err.startswith(f"error: {why}")
    assert "next step: " in said.err


@pytest.fixture
def owls(rag: Rag, tmp_path: Path) -> tuple[str, Path]:
    """Make a collection of one document, and a golden set that asks of it."""
    place = made(rag, f"Owls of {tmp_path.name}")
    (tmp_path / "owls.txt").write_text("Owls hunt mice at night.\n")
    assert rag("add", str(tmp_path / "owls.txt"), "--to", place, "--wait").code == 0
    golden = tmp_path / "golden.jsonl"
    relevant = {"relevant": ["owls.txt"], "facts": ["mice"]}
    lines = [{"question": "What do owls hunt?"} | relevant, {"question": "Whales?"} | relevant]
    golden.write_text("\n".join(map(json.dumps, lines)))
    return place, golden


@pytest.mark.timeout(PATIENCE)
def test_runs_over_one_file_are_kept_and_compared(rag: Rag, owls: tuple[str, Path]) -> None:
    place, golden = owls
    question = ("eval", "--golden", str(golden), "--in", place)
    first = asked(rag, *question, "--name", "first")
    assert first["figures"]["dense"]["recallAt1"] == 1
    assert first["figures"]["lexical"]["missed"] == 1
    told = rag(*question, "--against", first["runId"])
    assert "1.000 +0.000" in told.out
    runs = asked(rag, "runs")["runs"]
    assert {each["setId"] for each in runs} >= {first["setId"]}
    second = next(each for each in runs if each["runId"] != first["runId"])
    assert second["setId"] == first["setId"]  # so that the two can be compared
    assert rag("compare", first["runId"], second["runId"]).code == 0


@pytest.mark.timeout(PATIENCE)
def test_a_model_answers_with_the_fact_only_where_it_has_the_collection(
    rag: Rag, owls: tuple[str, Path]
) -> None:
    place, golden = owls
    arguments = ("eval", "--golden", str(golden), "--in", place, "--answers")
    told = asked(rag, *arguments, "--model", "demo-extractive")
    assert (told["without"], told["questions"][0]["with"]["right"]) == (0, True)


@pytest.mark.timeout(PATIENCE)
def test_both_methods_together_are_better_than_each_and_no_figure_falls(
    rag: Rag, tmp_path: Path
) -> None:
    place = made(rag, "Python")
    write(tmp_path / "topics")
    added = rag("add", str(tmp_path / "topics"), "--to", place, "--wait")
    assert added.code == 0, added.err
    figures = asked(rag, "eval", "--golden", str(GOLDEN), "--in", place)["figures"]
    recall = {method: each["recallAt10"] for method, each in figures.items()}
    gain = {method: each["ndcgAt10"] for method, each in figures.items()}
    assert {method: recall[method] >= floor for method, floor in FLOORS.items()} == dict.fromkeys(
        FLOORS, True
    ), recall
    assert recall["hybrid"] > max(recall["dense"], recall["lexical"]), recall
    assert gain["hybrid"] > max(gain["dense"], gain["lexical"]), gain
