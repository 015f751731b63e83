"""The prompt library: `/prompts`."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from lisa.domain.identity import Principal
from lisa.domain.prompt import Prompt, PromptId
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, Limit
from lisa.http.prompts.schemas import PromptChange, PromptCreate, PromptOut, PromptPage
from lisa.http.services import Caller, Given, PromptServices, may_see_prompts
from lisa.http.strict_json import StrictRoute

IF_SWITCHED_ON: Final = [Depends(may_see_prompts)]
router = APIRouter(
    prefix="/prompts",
    tags=["prompts"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
    dependencies=IF_SWITCHED_ON,
)


def prompt_services(given: Given) -> PromptServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.prompts is None:
        raise LookupError("this app was not given prompts")
    return given.prompts


Uses = Annotated[PromptServices, Depends(prompt_services)]
Id = Annotated[PromptId, Path(description="The prompt's id.")]
Whose = Annotated[
    Literal["mine", "shared", "all"],
    Query(description="Your own, those shared with you, or (administrators) everybody's."),
]


@router.post("", status_code=201)
async def create(uses: Uses, caller: Caller, response: Response, wanted: PromptCreate) -> PromptOut:
    """Make a prompt."""
    prompt = await uses.prompts.create(caller, wanted.wording())
    response.headers["location"] = f"prompts/{prompt.id}"
    return PromptOut.of(prompt, caller)


@router.get("")
async def page(
    uses: Uses, caller: Caller, whose: Whose = "mine", limit: Limit = 50, cursor: Cursor = ""
) -> PromptPage:
    """List prompts."""
    lists = {
        "mine": uses.prompts.owned,
        "shared": uses.prompts.shared,
        "all": uses.prompts.everybodys,
    }
    found, go_on = await lists[whose](caller, limit=limit, cursor=cursor)
    return _page(found, caller, go_on)


@router.get("/{prompt_id}")
async def get(uses: Uses, caller: Caller, prompt_id: Id) -> PromptOut:
    """Return a prompt."""
    return PromptOut.of(await uses.prompts.get(caller, prompt_id), caller)


@router.put("/{prompt_id}")
async def revise(uses: Uses, caller: Caller, prompt_id: Id, wanted: PromptChange) -> PromptOut:
    """Make another version of a prompt."""
    prompt = await uses.prompts.revise(caller, prompt_id, wanted.wording(), wanted.version)
    return PromptOut.of(prompt, caller)


@router.delete("/{prompt_id}", status_code=204)
async def delete(uses: Uses, caller: Caller, prompt_id: Id) -> None:
    """Delete a prompt with all its versions."""
    await uses.prompts.delete(caller, prompt_id)


@router.get("/{prompt_id}/revisions")
async def revisions(
    uses: Uses, caller: Caller, prompt_id: Id, limit: Limit = 50, cursor: Cursor = ""
) -> PromptPage:
    """List the versions of a prompt, newest first; for those who may change it."""
    found, go_on = await uses.prompts.revisions(caller, prompt_id, limit=limit, cursor=cursor)
    return _page(found, caller, go_on)


def _page(found: list[Prompt], caller: Principal, go_on: str) -> PromptPage:
    return PromptPage(items=[PromptOut.of(each, caller) for each in found], next_cursor=go_on)
