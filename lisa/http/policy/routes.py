"""The policy explained: `/policy/explain`."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb
from lisa.http.identity.schemas import FewScopes, Groups, Text
from lisa.http.services import Caller
from lisa.http.strict_json import StrictRoute
from lisa.usecases.explain import explain

router = APIRouter(prefix="/policy", tags=["policy"], route_class=StrictRoute)


class Question(BaseModel):
    """Whether a person may do something to such an object."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[Text, Field(alias="as")]
    can: Verb
    kind: Kind
    group: Groups = frozenset()
    admin: bool = False
    rag_admin: bool = False
    may_make_tokens: bool = True
    scope: FewScopes = frozenset()
    id: Annotated[str, Field(max_length=200)] = ""
    owner: Annotated[str, Field(max_length=200)] = ""
    object_group: Groups = frozenset()

    def person(self) -> Principal:
        """Return who would ask."""
        return Principal(
            subject=self.subject,
            groups=self.group,
            admin=self.admin,
            rag_admin=self.rag_admin,
            may_make_tokens=self.may_make_tokens,
            scopes=self.scope,
        )

    def thing(self) -> Thing:
        """Return what it would be done to."""
        return Thing(self.kind, self.id, self.owner, self.object_group)


class Explanation(BaseModel):
    """The decision, and the rule it rests on."""

    allowed: bool
    because: str


@router.get("/explain")
async def explanation(caller: Caller, question: Annotated[Question, Query()]) -> Explanation:
    """Tell whether somebody may do something, and why; for administrators."""
    decision = explain(caller, question.person(), question.can, question.thing())
    return Explanation(allowed=decision.allowed, because=decision.because)
