"""Repositories as LISA's clients know them: `/repository`, success always 200."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import JsonValue

from lisa.domain.errors import NotFound
from lisa.domain.knowledge.repository import Repository
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.http.knowledge.door import IF_SEARCHED, RepositoryPath, Uses, knowledge_router
from lisa.http.knowledge.lisa_schemas import RepositoryFieldsIn, RepositoryIn, in_repository
from lisa.http.knowledge.lisa_shown import Shown, job_shown, repository_shown
from lisa.http.services import Caller, KnowledgeServices
from lisa.usecases.knowledge.repositories import Changes
from lisa.usecases.knowledge.retrieval import Hit, Mode, Question

MOST_AT_ONCE: Final = 1000
LONGEST_QUESTION: Final = 8000
router = knowledge_router("knowledge, as in LISA")


@router.get("/repository")
async def listing(uses: Uses, caller: Caller) -> list[Shown]:
    """List the repositories you may use; administrators see all."""
    return [repository_shown(each, caller) for each in await _all(uses, caller)]


@router.post("/repository")
async def create(uses: Uses, caller: Caller, wanted: RepositoryIn) -> dict[str, str]:
    """Make a repository; it is there when the answer comes, unless its store is to be made."""
    made = await uses.repositories.create(caller, wanted.repository_id, wanted.wanted())
    return {"status": "success", "executionArn": made.run}


@router.get("/repository/status")
async def statuses(uses: Uses, caller: Caller) -> dict[str, str]:
    """Tell how far each repository has come."""
    require(caller, Verb.LIST_ALL, Thing(Kind.REPOSITORY))
    return {each.id: each.status for each in await _all(uses, caller)}


@dataclass(frozen=True)
class Asked:
    """A question as LISA's clients put it; `modelName` stands for the default collection."""

    query: Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION)]
    top_k: Annotated[int, Query(alias="topK", ge=1, le=50)] = 3
    collection_id: Annotated[str, Query(alias="collectionId", max_length=512)] = ""
    model_name: Annotated[str, Query(alias="modelName", max_length=512)] = ""
    score: bool = False


@router.get("/repository/{repository_id}/similaritySearch", dependencies=IF_SEARCHED)
async def similarity_search(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, asked: Annotated[Asked, Depends()]
) -> dict[str, list[dict[str, Shown]]]:
    """Return the passages whose vectors are nearest to the question's."""
    repository = await uses.repositories.get(caller, repository_id)
    into = in_repository(asked.collection_id or asked.model_name, repository)
    question = Question(asked.query, [(repository.id, into)], Mode.DENSE, asked.top_k)
    answer = await uses.retrieval.search(caller, question)
    return {"docs": [{"Document": _found(each, scored=asked.score)} for each in answer.hits]}


@router.get("/repository/{repository_id}/jobs")
async def jobs(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    time_limit: Annotated[int, Query(alias="timeLimit", ge=1, le=8760)] = 720,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=100)] = 10,
    last_evaluated_key: Annotated[str, Query(alias="lastEvaluatedKey", max_length=4096)] = "",
) -> Shown:
    """List your jobs of so many hours, newest first; who looks after the repository sees all."""
    found, go_on = await uses.documents.jobs(caller, repository_id, page_size, last_evaluated_key)
    since = uses.repositories.clock.now().timestamp() - time_limit * 3600
    shown = [job_shown(each) for each in found if each.created.timestamp() >= since]
    go_on = go_on if len(shown) == len(found) else ""
    return {
        "jobs": [*shown],
        "lastEvaluatedKey": go_on or None,
        "hasNextPage": bool(go_on),
        "hasPreviousPage": bool(last_evaluated_key),
    }


@router.get("/repository/{repository_id}")
async def get(uses: Uses, caller: Caller, repository_id: RepositoryPath) -> Shown:
    """Return a repository."""
    return repository_shown(await uses.repositories.get(caller, repository_id), caller)


@router.put("/repository/{repository_id}")
async def change(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, wanted: RepositoryFieldsIn
) -> Shown:
    """Change a repository; RAG administrators of its groups change its pipelines."""
    former = await uses.repositories.get(caller, repository_id)
    changes = Changes(wanted.values(wanted.embedding_model_id or former.embedding_model))
    return repository_shown(await uses.repositories.update(caller, repository_id, changes), caller)


@router.delete("/repository/{repository_id}")
async def remove(uses: Uses, caller: Caller, repository_id: RepositoryPath) -> dict[str, str]:
    """Delete a repository with all that is in it; it is there until nothing is left of it."""
    gone = await uses.repositories.remove(caller, repository_id)
    return {"status": "success", "executionArn": gone.run}


@router.get("/bedrock-kb")
async def knowledge_bases(uses: Uses, caller: Caller) -> Shown:
    """Answer that there are no Bedrock Knowledge Bases."""
    del uses, caller
    return {"knowledgeBases": [], "totalKnowledgeBases": 0}


@router.get("/bedrock-kb/{knowledge_base_id}/data-sources")
async def data_sources(uses: Uses, caller: Caller, knowledge_base_id: str) -> Shown:
    """Answer that there is no such knowledge base."""
    del uses, caller
    raise NotFound(
        f"there is no knowledge base {knowledge_base_id[:80]}",
        next_step="use a repository of type `pgvector` or `opensearch`",
        code="knowledge_base_not_found",
    )


async def _all(uses: KnowledgeServices, caller: Caller) -> list[Repository]:
    found, cursor = await uses.repositories.page(caller, limit=MOST_AT_ONCE, cursor="")
    while cursor:
        further, cursor = await uses.repositories.page(caller, limit=MOST_AT_ONCE, cursor=cursor)
        found += further
    return found


def _found(hit: Hit, *, scored: bool) -> Shown:
    passage = hit.passage
    metadata: dict[str, JsonValue] = {
        **passage.facts,
        "name": passage.name,
        "document_id": passage.document_id,
        "repository_id": hit.repository_id,
        "collection_id": hit.collection_id,
        "page": passage.place.page,
        "start": passage.place.start,
        "end": passage.place.end,
    }
    if scored:
        metadata["similarity_score"] = hit.score
    return {"page_content": passage.text, "metadata": metadata}
