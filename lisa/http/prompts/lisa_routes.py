"""Prompts as existing LISA clients know them: `/prompt-templates`, success always 200.

Other than there, id, owner and revision are ours, one shares only with groups one is in, and what
was deleted is gone.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field, JsonValue

from lisa.domain.errors import Invalid
from lisa.domain.identity import Principal
from lisa.domain.policy import PUBLIC
from lisa.domain.prompt import MOST_GROUPS, Group, Prompt, PromptId, PromptType, Text, Title
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, next_page
from lisa.http.prompts.routes import IF_SWITCHED_ON, Uses
from lisa.http.services import Caller
from lisa.http.strict_json import StrictRoute
from lisa.usecases.prompts import Wording

router = APIRouter(
    prefix="/prompt-templates",
    tags=["prompts, as in LISA"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
    dependencies=IF_SWITCHED_ON,
)

OF_GROUP: Final = "group:"  # how LISA's clients write a group
FIRST_ANSWER: Final = 100
Public = Annotated[bool, Query(description="Those shared with you in place of your own.")]
TemplateId = Annotated[PromptId, Path(description="The template's id.")]


class Template(BaseModel):
    """A template as LISA's clients send it; other keys are ignored."""

    id: Annotated[str, Field(max_length=200)] | None = None
    title: Title
    type: PromptType
    body: Text
    groups: Annotated[list[Group], Field(max_length=MOST_GROUPS)] = Field(default_factory=list)

    def wording(self) -> Wording:
        """Return what it says."""
        groups = frozenset(group.removeprefix(OF_GROUP) for group in self.groups)
        if "" in groups:
            raise Invalid("a group has no name", next_step="leave it out", code="bad_group")
        return Wording(self.title, self.type, self.body, groups)


@router.post("")
async def create(uses: Uses, caller: Caller, wanted: Template) -> dict[str, JsonValue]:
    """Make a template of your own."""
    return _shown(await uses.prompts.create(caller, wanted.wording()))


@router.get("")
async def page(
    uses: Uses,
    caller: Caller,
    request: Request,
    response: Response,
    *,
    public: Public = False,
    cursor: Cursor = "",
) -> dict[str, list[dict[str, JsonValue]]]:
    """List your own templates, or with `public` those you are let see; administrators: all."""
    lists = uses.prompts.everybodys if caller.admin else uses.prompts.shared
    wanted = lists if public else uses.prompts.owned
    found, go_on = await wanted(caller, limit=FIRST_ANSWER, cursor=cursor)
    if go_on:
        response.headers["link"] = next_page(request, public=str(public).lower(), cursor=go_on)
    return {"Items": [_shown(prompt) for prompt in found]}


@router.get("/{template_id}")
async def get(uses: Uses, caller: Caller, template_id: TemplateId) -> dict[str, JsonValue]:
    """Return the newest revision."""
    prompt = await uses.prompts.get(caller, template_id)
    return {**_shown(prompt), "isOwner": _owns(caller, prompt)}


@router.put("/{template_id}")
async def revise(
    uses: Uses, caller: Caller, template_id: TemplateId, wanted: Template
) -> dict[str, JsonValue]:
    """Make the next revision."""
    if wanted.id not in {None, template_id}:
        raise Invalid(
            "the id in the body is another than the one in the path",
            next_step="send the same, or leave it out of the body",
            code="id_differs",
        )
    return _shown(await uses.prompts.revise(caller, template_id, wanted.wording(), None))


@router.delete("/{template_id}")
async def delete(uses: Uses, caller: Caller, template_id: TemplateId) -> dict[str, str]:
    """Delete a template with all its revisions."""
    await uses.prompts.delete(caller, template_id)
    return {"status": "ok"}


def _owns(caller: Principal, prompt: Prompt) -> bool:
    return caller.admin or prompt.owner == caller.subject


def _shown(prompt: Prompt) -> dict[str, JsonValue]:
    return {
        "id": prompt.id,
        "created": prompt.changed.isoformat(),
        "owner": prompt.owner,
        "groups": [
            group if group == PUBLIC else f"{OF_GROUP}{group}" for group in sorted(prompt.groups)
        ],
        "title": prompt.title,
        "revision": prompt.revision,
        "latest": True,
        "type": prompt.type,
        "body": prompt.body,
    }
