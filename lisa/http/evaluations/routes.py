"""How well collections answer: `/evaluations/sets` and `/evaluations/runs`."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request, Response

from lisa.http.evaluations.golden_files import golden_of_file
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
FileName = Annotated[
    str,
    Query(alias="fileName", max_length=255, description="Names a set that nothing else names."),
]
A_FILE: Final = {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}}
KEPT_ALREADY: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": SetOut, "description": "You have this set already"}
}
router = knowledge_router("evaluations")


@router.post("/evaluations/sets", status_code=201)
async def add_set(uses: Uses, caller: Caller, response: Response, wanted: GoldenIn) -> SetOut:
    """Keep a golden set; it never changes, so runs over it can be compared."""
    made = await uses.evaluations.add_set(caller, wanted.golden())
    response.headers["location"] = f"sets/{made.id}"
    return SetOut.of(made)


@router.post(
    "/evaluations/sets/file",
    status_code=201,
    responses=KEPT_ALREADY,
    openapi_extra={"requestBody": A_FILE},
)
async def add_set_of_file(
    uses: Uses,
    caller: Caller,
    request: Request,
    response: Response,
    name: Annotated[str, Query(max_length=100, description="Empty: as the file says.")] = "",
    file_name: FileName = "",
) -> SetOut:
    """Keep a golden set as it is in a file: JSON Lines, JSON or YAML.

    One that you have already is answered with 200, so that runs over one file can be compared.
    """
    golden = await asyncio.to_thread(golden_of_file, await request.body(), name, file_name)
    made, is_new = await uses.evaluations.add_set_once(caller, golden)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    response.headers["location"] = made.id
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
