"""What all routes of knowledge have in common."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, Limit, next_page
from lisa.http.services import Caller, Given, KnowledgeServices
from lisa.http.strict_json import StrictRoute

RepositoryPath = Annotated[str, Path(max_length=128, description="The repository's id.")]
CollectionPath = Annotated[str, Path(max_length=128, description="The collection's id.")]
DocumentPath = Annotated[str, Path(max_length=128, description="The document's id.")]
JobPath = Annotated[str, Path(max_length=128, description="The job's id.")]
PipelinePath = Annotated[str, Path(max_length=64, description="The pipeline's id.")]
Looked = Annotated[
    str, Query(max_length=100, description="What the name or the id has in it, in any case.")
]


@dataclass(frozen=True)
class Turn:
    """Which page of a list is asked for."""

    request: Request
    response: Response
    limit: Limit = 50
    cursor: Cursor = ""

    def lead_on(self, cursor: str, **query: str) -> None:
        """Name the page after this one, if there is one."""
        if cursor:
            asked = {name: value for name, value in query.items() if value}
            following = {**asked, "limit": str(self.limit), "cursor": cursor}
            self.response.headers["link"] = next_page(self.request, **following)


Turned = Annotated[Turn, Depends()]


def knowledge_router(tag: str = "knowledge") -> APIRouter:
    """Return a router for some of the routes."""
    return APIRouter(tags=[tag], route_class=StrictRoute, responses=may_answer(400, 404, 409))


def knowledge_services(given: Given) -> KnowledgeServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.knowledge is None:
        raise LookupError("this app was not given knowledge")
    return given.knowledge


async def may_search(given: Given, caller: Caller) -> None:
    """Refuse where an administrator has switched off that repositories are used."""
    del caller  # asked for, so that a stranger doesn't learn what is switched off
    if given.switches:
        await given.switches.require("ragSelectionAvailable")


async def may_bring_in(given: Given, caller: Caller) -> None:
    """Refuse where an administrator has switched off that documents are added."""
    del caller  # asked for, as above
    if given.switches:
        await given.switches.require("uploadRagDocs")


Uses = Annotated[KnowledgeServices, Depends(knowledge_services)]
IF_SEARCHED: Final = [Depends(may_search)]
IF_ADDED_TO: Final = [Depends(may_bring_in)]
