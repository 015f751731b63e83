"""How well collections answer: `/evaluations/sets` and `/evaluations/runs`."""

from typing import Annotated

from fastapi import Path, Response

from lisa.http.evaluations.schemas import (
    ComparisonOut,
    EvaluationOut,
    EvaluationPage,
    GoldenIn,
    RunIn,
    SetOut,
    SetPage,
    WholeRunOut,
    WholeSetOut,
)
from lisa.http.knowledge.door import Turned, Uses, knowledge_router
from lisa.http.services import Caller

SetPath = Annotated[str, Path(max_length=128, description="The golden set's id.")]
RunPath = Annotated[str, Path(max_length=128, description="The run's id.")]
router = knowledge_router("evaluations")


@router.post("/evaluations/sets", status_code=201)
async def add_set(uses: Uses, caller: Caller, response: Response, wanted: GoldenIn) -> SetOut:
    """Keep a golden set; it never changes, so runs over it can be compared."""
    made = await uses.evaluations.add_set(caller, wanted.golden())
    response.headers["location"] = f"sets/{made.id}"
    return SetOut.of(made)


@router.get("/evaluations/sets")
async def sets(uses: Uses, caller: Caller, turn: Turned) -> SetPage:
    """List your golden sets, newest first."""
    found, go_on = await uses.evaluations.sets(caller, turn.limit, turn.cursor)
    turn.lead_on(go_on)
    return SetPage(sets=[SetOut.of(each) for each in found], next_cursor=go_on)


@router.get("/evaluations/sets/{set_id}")
async def a_set(uses: Uses, caller: Caller, set_id: SetPath) -> WholeSetOut:
    """Return a golden set with its questions."""
    return WholeSetOut.with_questions(*await uses.evaluations.a_set(caller, set_id))


@router.delete("/evaluations/sets/{set_id}", status_code=204)
async def remove_set(uses: Uses, caller: Caller, set_id: SetPath) -> None:
    """Forget a golden set; runs over it stay, those under way can't go on."""
    await uses.evaluations.remove_set(caller, set_id)


@router.post("/evaluations/runs", status_code=201)
async def begin(uses: Uses, caller: Caller, response: Response, wanted: RunIn) -> EvaluationOut:
    """Begin a run; ask for its steps until it is over."""
    run = await uses.evaluations.begin(caller, wanted.plan())
    response.headers["location"] = f"runs/{run.id}"
    return EvaluationOut.of(run)


@router.get("/evaluations/runs")
async def runs(uses: Uses, caller: Caller, turn: Turned) -> EvaluationPage:
    """List your runs, newest first."""
    found, go_on = await uses.evaluations.runs(caller, turn.limit, turn.cursor)
    turn.lead_on(go_on)
    return EvaluationPage(runs=[EvaluationOut.of(each) for each in found], next_cursor=go_on)


@router.get("/evaluations/runs/{run_id}")
async def a_run(uses: Uses, caller: Caller, run_id: RunPath) -> WholeRunOut:
    """Return a run with what came of each question."""
    return WholeRunOut.with_outcomes(*await uses.evaluations.a_run(caller, run_id))


@router.post("/evaluations/runs/{run_id}/steps")
async def step(uses: Uses, caller: Caller, run_id: RunPath) -> EvaluationOut:
    """Ask a run's next questions, for some seconds."""
    return EvaluationOut.of(await uses.evaluations.step(caller, run_id))


@router.get("/evaluations/runs/{run_id}/comparison/{other_id}")
async def compare(
    uses: Uses,
    caller: Caller,
    run_id: RunPath,
    other_id: Annotated[str, Path(max_length=128, description="The later run's id.")],
) -> ComparisonOut:
    """Compare two runs over one golden set."""
    return ComparisonOut.of(await uses.evaluations.compare(caller, run_id, other_id))


@router.delete("/evaluations/runs/{run_id}", status_code=204)
async def remove_run(uses: Uses, caller: Caller, run_id: RunPath) -> None:
    """Forget a run."""
    await uses.evaluations.remove_run(caller, run_id)
