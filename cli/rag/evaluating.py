"""The commands `lisa rag eval`, `runs` and `compare`: how well collections answer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import answer, note, table
from cli.rag.answering import Asking, answers_of, answers_told
from cli.rag.places import Ins, every, places_in, plain
from lisa.domain.errors import Invalid, TooLarge
from lisa.domain.knowledge.evaluation import Method
from lisa.domain.knowledge.golden import LARGEST_FILE, GoldenQuestion

HEADINGS: Final = ("METHOD", "R@1", "R@5", "R@10", "NDCG@10", "MRR", "P50", "P95", "MISSED")
RUNS: Final = ("ID", "BEGAN", "ASKED", "OF", "BEST R@10", "NAME")
CHANGES: Final = ("METHOD", "R@10", "NDCG@10", "MRR", "P95", "BETTER", "WORSE")
WITHOUT_RERANK: Final = (Method.DENSE, Method.LEXICAL, Method.HYBRID)

GoldenFile = Annotated[
    Path, typer.Option("--golden", help="Questions, as JSON Lines, JSON or YAML.", metavar="FILE")
]
Rerank = Annotated[
    str, typer.Option(help="Also with this model ordering what was found.", metavar="MODEL")
]
Name = Annotated[str, typer.Option(help="What the run is called.", metavar="NAME")]
Against = Annotated[str, typer.Option(help="A former run to compare it with.", metavar="RUN")]
Missed = Annotated[
    bool, typer.Option("--missed", help="Also the questions that no method answers.")
]
Answers = Annotated[
    bool, typer.Option("--answers", help="Ask a model, with these collections and without.")
]
Model = Annotated[
    str, typer.Option(help="The model that answers, with --answers.", metavar="MODEL")
]
RunId = Annotated[str, typer.Argument(help="As `lisa rag runs` shows it.", metavar="RUN")]


def evaluate(  # noqa: PLR0913 - one for each option
    *,
    golden: GoldenFile,
    places: Ins = None,
    rerank: Rerank = "",
    name: Name = "",
    against: Against = "",
    missed: Missed = False,
    answers: Answers = False,
    model: Model = "",
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Ask collections a set of questions whose answers are known, and measure what is found.

    A line of the file is one question:
    {"question": "...", "relevant": ["guide.pdf", {"document": "b.pdf", "page": 3}]}.
    Or it is a list of such questions as JSON or YAML, or has them as "questions".
    The set and the run are kept. With --answers, a question's "facts" are looked for in what
    the model says.

    For example:
      lisa rag eval --golden questions.jsonl --in local.default
      lisa rag eval --golden questions.jsonl --in local.default --rerank RERANKER --missed
      lisa rag eval --golden questions.jsonl --in local.default --answers --model MODEL
    """
    if answers != bool(model):
        raise Invalid("--answers and --model belong together", next_step="give both or none")
    collections, lisa = places_in(places), lisa_of(given(home=home, url=url))
    set_id = _kept_set(lisa, golden)
    if answers:
        told = answers_of(lisa, Asking(model, collections, _questions(lisa, set_id)))
        answer(told, answers_told(told), as_json=as_json)
        return
    run = _run(lisa, set_id, collections, rerank, name)
    if against:
        run["differences"] = _differences(lisa, against, run["runId"])
    note(f"the run is kept as {run['runId']}")
    answer(run, _told(run, missed=missed), as_json=as_json)


def runs(*, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """List your runs, newest first.

    For example:
      lisa rag runs
    """
    found = list(every(lisa_of(given(home=home, url=url)), "/evaluations/runs", "runs"))
    rows = [
        (
            each["runId"],
            str(each["created"])[:16],
            f"{each['done']}/{each['total']}",
            ", ".join(f"{one['repositoryId']}.{one['collectionId']}" for one in each["places"]),
            _best(each),
            each["name"],
        )
        for each in found
    ]
    answer({"runs": found}, table(RUNS, rows), as_json=as_json)


def compare(
    *, before: RunId, after: RunId, home: Home = None, url: Url = "", as_json: Json = False
) -> None:
    """Compare two runs of one golden set, method by method.

    For example:
      lisa rag compare run_0123456789abcdef0123456789abcdef run_fedcba9876543210fedcba9876543210
    """
    found = _differences(lisa_of(given(home=home, url=url)), before, after)
    answer({"differences": found}, _changes(found), as_json=as_json)


def _content_of(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise TooLarge(f"{file} is larger than 4 MB", next_step="split it")
        return file.read_bytes()
    except OSError as error:
        raise Invalid(f"{file} can't be read: {error}", next_step="check the path") from error


def _questions(lisa: Lisa, set_id: str) -> list[GoldenQuestion]:
    whole = lisa.ask("GET", f"/evaluations/sets/{set_id}")
    return [GoldenQuestion.model_validate(each) for each in whole["questions"]]


def _kept_set(lisa: Lisa, golden: Path) -> str:
    """Have the file kept as a golden set, unless an equal one is; return its id."""
    path, name = "/evaluations/sets/file", golden.name[-255:]
    set_id: str = lisa.ask("POST", path, _content_of(golden), fileName=name)["setId"]
    return set_id


def _run(
    lisa: Lisa, set_id: str, collections: Sequence[str], rerank: str, name: str
) -> dict[str, Any]:
    methods = [*WITHOUT_RERANK, *([Method.RERANK] if rerank else [])]
    wanted = {"setId": set_id, "collections": collections, "rerank": rerank}
    wanted |= {"methods": [each.value for each in methods], "name": name}
    run = lisa.ask("POST", "/evaluations/runs", wanted)
    while not run["isOver"]:
        run = lisa.ask("POST", f"/evaluations/runs/{run['runId']}/steps")
        note(f"{run['done']} of {run['total']} questions")
    return dict(lisa.ask("GET", f"/evaluations/runs/{run['runId']}"))


def _told(run: Mapping[str, Any], *, missed: bool) -> str:
    parts = [_figures(run), *(_missed(run) if missed else [])]
    return "\n\n".join([*parts, *([_changes(run["differences"])] if "differences" in run else [])])


def _figures(run: Mapping[str, Any]) -> str:
    rows = [
        (
            method,
            *(f"{each[name]:.3f}" for name in ("recallAt1", "recallAt5", "recallAt10")),
            *(f"{each[name]:.3f}" for name in ("ndcgAt10", "mrr")),
            *(f"{1000 * each[name]:.0f} ms" for name in ("p50", "p95")),
            str(each["missed"]),
        )
        for method, each in run["figures"].items()
    ]
    return table(HEADINGS, rows)


def _missed(run: Mapping[str, Any]) -> list[str]:
    """Return the questions for which no method finds anything that is relevant."""
    lost = [
        each["question"]
        for each in run["outcomes"]
        if not any(tried["ranks"] for tried in each["tried"].values())
    ]
    return ["\n".join(["found by no method:", *lost])] if lost else []


def _differences(lisa: Lisa, before: str, after: str) -> list[Mapping[str, Any]]:
    path = f"/evaluations/runs/{plain(before)}/comparison/{plain(after)}"
    return list(lisa.ask("GET", path)["differences"])


def _changes(found: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            each["method"],
            *(_change(each, name, 1, ".3f") for name in ("recallAt10", "ndcgAt10", "mrr")),
            _change(each, "p95", 1000, ".0f", " ms"),
            str(len(each["gained"])),
            str(len(each["lost"])),
        )
        for each in found
    ]
    return table(CHANGES, rows)


def _change(difference: Mapping[str, Any], name: str, times: int, form: str, unit: str = "") -> str:
    """Write how a figure is now, and by how much it changed."""
    before, after = (times * difference[each][name] for each in ("before", "after"))
    return f"{after:{form}}{unit} {after - before:+{form}}"


def _best(run: Mapping[str, Any]) -> str:
    figures = run["figures"].values()
    return f"{max(each['recallAt10'] for each in figures):.3f}" if figures else "-"
