"""Usage as existing LISA clients know it: `/metrics/users/...`.

The answer is wrapped in `statusCode` and `body` as there, since whatever was written against LISA
looks into `body`. Other than there, only the person and administrators are let in, all people are
counted, not the first page of them, and a failure is a true 4xx.
"""

from collections import Counter
from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import JsonValue

from lisa.http.answers import may_answer
from lisa.http.services import Caller
from lisa.http.strict_json import StrictRoute
from lisa.http.usage.routes import Uses
from lisa.stores.usage.sums import Person

router = APIRouter(
    prefix="/metrics",
    tags=["usage, as in LISA"],
    route_class=StrictRoute,
    responses=may_answer(400, 404),
)


@router.get("/users/all")
async def everybody(uses: Uses, caller: Caller) -> dict[str, JsonValue]:
    """Sum up what everybody used; for administrators."""
    people = prompts = 0
    groups: Counter[str] = Counter()
    async for person in uses.usages.people(caller):
        people += 1
        prompts += person.requests
        groups.update(person.groups)
    return _wrapped(
        {
            "totalUniqueUsers": people,
            "totalPrompts": prompts,
            "totalRagUsage": 0,
            "ragUsagePercentage": 0,
            "totalMCPToolCalls": 0,
            "mcpToolCallsPercentage": 0,
            "mcpToolUsage": {},
            "userGroups": {**groups},
        }
    )


@router.get("/users/{username}")
async def of_user(uses: Uses, caller: Caller, username: str) -> dict[str, JsonValue]:
    """Tell how often somebody called models, when first and when last."""
    person = await uses.usages.person(caller, username)
    return _wrapped({person.subject: _shown(person)})


def _shown(person: Person) -> dict[str, JsonValue]:
    """Show a person. Sessions, retrieval and tools aren't counted here yet."""
    return {
        "totalPrompts": person.requests,
        "ragUsageCount": 0,
        "mcpToolCallsCount": 0,
        "mcpToolUsage": {},
        "userGroups": [*person.groups],
        "sessionMetrics": {},
        "firstSeen": person.first_seen or None,
        "lastSeen": person.last_seen or None,
    }


def _wrapped(body: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {"statusCode": 200, "body": {**body}}
