"""Models: `/models`, the paths and names that LISA's clients know, success always 200.

Other than there, a change is made when its answer comes, so that answer shows the model as it is
then; a list can be had in pages; and where a model answers is told to administrators only.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from lisa.domain.model import ModelStatus
from lisa.http.answers import may_answer
from lisa.http.models.schemas import ContextWindow, ModelCreate, ModelTest, ModelUpdate
from lisa.http.models.shown import ModelOut, ModelPage, OneModel, TestResult
from lisa.http.paging import Cursor, next_page
from lisa.http.services import Caller, Given, ModelServices
from lisa.http.strict_json import StrictRoute
from lisa.usecases.models import Changes, Wanted

router = APIRouter(
    prefix="/models",
    tags=["models"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
)

MOST_AT_ONCE: Final = 1000
ModelPath = Annotated[str, Path(description="The model's id; it may have slashes.")]


def model_services(given: Given) -> ModelServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.models is None:
        raise LookupError("this app was not given models")
    return given.models


Uses = Annotated[ModelServices, Depends(model_services)]


@router.post("")
async def create(uses: Uses, caller: Caller, wanted: ModelCreate) -> OneModel:
    """Make a model. Its `apiKey` is kept as a secret and never shown again."""
    model = await uses.models.create(caller, _wanted(wanted))
    return OneModel(model=ModelOut.of(model, caller))


@router.get("")
async def page(
    uses: Uses,
    caller: Caller,
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = MOST_AT_ONCE,
    cursor: Cursor = "",
) -> ModelPage:
    """List the models you may use; administrators see all."""
    models, go_on = await uses.models.page(caller, limit=limit, cursor=cursor)
    if go_on:
        response.headers["link"] = next_page(request, limit=str(limit), cursor=go_on)
    return ModelPage(models=[ModelOut.of(each, caller) for each in models], next_cursor=go_on)


@router.post("/test")
async def test(uses: Uses, caller: Caller, wanted: ModelTest) -> TestResult:
    """Call each upstream once, really, and say what came of it; nothing is saved."""
    if wanted.is_somewhere():
        return TestResult.of(await uses.models.test(caller, _wanted(wanted)))
    return TestResult.of(await uses.models.test_saved(caller, wanted.model_id))


@router.get("/metadata/instances")
async def instances(uses: Uses, caller: Caller) -> list[str]:
    """List the names of EC2's instance types."""
    del caller
    return list(await uses.instance_types.names())


@router.get("/{model_id:path}")
async def get(uses: Uses, caller: Caller, model_id: ModelPath) -> OneModel:
    """Return one model."""
    return OneModel(model=ModelOut.of(await uses.models.get(caller, model_id), caller))


@router.put("/{model_id:path}/context-window")
async def change_context_window(
    uses: Uses, caller: Caller, model_id: ModelPath, wanted: ContextWindow
) -> OneModel:
    """Say how many tokens a model can look at."""
    changes = Changes({"context_window": wanted.context_window})
    model = await uses.models.update(caller, model_id, changes)
    return OneModel(model=ModelOut.of(model, caller))


@router.put("/{model_id:path}")
async def update(uses: Uses, caller: Caller, model_id: ModelPath, wanted: ModelUpdate) -> OneModel:
    """Change a model; every gateway knows it within two seconds."""
    changes = Changes(wanted.values(), wanted.enabled, wanted.version, wanted.api_keys())
    model = await uses.models.update(caller, model_id, changes)
    return OneModel(model=ModelOut.of(model, caller))


@router.delete("/{model_id:path}")
async def remove(uses: Uses, caller: Caller, model_id: ModelPath) -> OneModel:
    """Remove a model, and the keys that were kept for it."""
    removed = await uses.models.remove(caller, model_id)
    gone = removed.model_copy(update={"status": ModelStatus.DELETING})
    return OneModel(model=ModelOut.of(gone, caller))


def _wanted(sent: ModelTest) -> Wanted:
    return Wanted(sent.model_id, sent.values(), sent.api_keys())
