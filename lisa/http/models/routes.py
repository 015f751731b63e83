"""Models: `/models`, the paths and names that LISA's clients know, success always 200.

Other than there, a change is made when its answer comes, so that answer shows the model as it is
then; a list can be had in pages; and where a model answers is told to administrators only.
"""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import Query, Request, Response

from lisa.domain.model import ModelStatus
from lisa.http.models.door import ModelPath, Once, Uses, model_router
from lisa.http.models.schemas import ContextWindow, ModelCreate, ModelTest, ModelUpdate
from lisa.http.models.shown import ModelOut, ModelPage, OneModel, TestResult
from lisa.http.paging import Cursor, next_page
from lisa.http.services import Caller
from lisa.usecases.models import Changes, Wanted

MOST_AT_ONCE: Final = 1000
router = model_router()


@router.post("")
async def create(uses: Uses, asked: Once, wanted: ModelCreate) -> OneModel:
    """Make a model. Its `apiKey` is kept as a secret and never shown again.

    One that LISA is to run is `Creating` until it has answered; `/events` tells how it goes.
    """
    model = await uses.all_models.create(asked, _wanted(wanted), wanted.hosting_values())
    return OneModel(model=ModelOut.of(model, asked.caller))


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


@router.get("/{model_id:path}")
async def get(uses: Uses, caller: Caller, model_id: ModelPath) -> OneModel:
    """Return one model."""
    return OneModel(model=ModelOut.of(await uses.models.get(caller, model_id), caller))


@router.put("/{model_id:path}/context-window")
async def change_context_window(
    uses: Uses, asked: Once, model_id: ModelPath, wanted: ContextWindow
) -> OneModel:
    """Say how many tokens a model can look at."""
    changes = Changes({"context_window": wanted.context_window})
    model = await uses.all_models.change(asked, model_id, changes, None)
    return OneModel(model=ModelOut.of(model, asked.caller))


@router.put("/{model_id:path}")
async def update(uses: Uses, asked: Once, model_id: ModelPath, wanted: ModelUpdate) -> OneModel:
    """Change a model; every gateway knows it within two seconds.

    One that LISA runs is started and stopped by `enabled`; while it serves and what it runs on
    changes, it is `Updating`, and while it doesn't, the change holds from its next start.
    """
    changes = Changes(wanted.values(), wanted.enabled, wanted.version, wanted.api_keys())
    asked, change = replace(asked, version=wanted.version), wanted.hosting_change()
    model = await uses.all_models.change(asked, model_id, changes, change)
    return OneModel(model=ModelOut.of(model, asked.caller))


@router.delete("/{model_id:path}")
async def remove(uses: Uses, asked: Once, model_id: ModelPath) -> OneModel:
    """Remove a model, and the keys that were kept for it; one that LISA runs takes a while."""
    removed = await uses.all_models.remove(asked, model_id)
    gone = removed.model_copy(update={"status": ModelStatus.DELETING})
    return OneModel(model=ModelOut.of(gone, asked.caller))


def _wanted(sent: ModelTest) -> Wanted:
    return Wanted(sent.model_id, sent.values(), sent.api_keys())
