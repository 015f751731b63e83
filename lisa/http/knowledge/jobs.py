"""Ingestion jobs: `/repositories/{r}/jobs`."""

from lisa.http.knowledge.door import JobPath, RepositoryPath, Turned, Uses, knowledge_router
from lisa.http.knowledge.work import JobOut, JobPage
from lisa.http.services import Caller

router = knowledge_router()


@router.get("/repositories/{repository_id}/jobs")
async def page(
    uses: Uses,
    caller: Caller,
    turn: Turned,
    repository_id: RepositoryPath,
) -> JobPage:
    """List your jobs, newest first; administrators see everybody's."""
    found, go_on = await uses.documents.jobs(caller, repository_id, turn.limit, turn.cursor)
    turn.lead_on(go_on)
    return JobPage(jobs=[JobOut.of(each) for each in found], next_cursor=go_on)


@router.get("/repositories/{repository_id}/jobs/{job_id}")
async def get(uses: Uses, caller: Caller, repository_id: RepositoryPath, job_id: JobPath) -> JobOut:
    """Return a job, as far as it has come."""
    return JobOut.of(await uses.documents.job(caller, repository_id, job_id))
