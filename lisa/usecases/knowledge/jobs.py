"""Ingestion jobs, for those who began them and for those who look after the repository."""

from dataclasses import dataclass

from lisa.domain.errors import LisaError, NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.job import Job
from lisa.domain.policy import Verb, decide
from lisa.stores.knowledge.jobs import JobStore
from lisa.usecases.knowledge.access import Access


@dataclass(frozen=True)
class RagJobs:
    """Shows jobs: everybody their own, and of collections that they may read to keepers."""

    access: Access
    jobs: JobStore

    async def get(self, caller: Principal, repository_id: str, job_id: str) -> Job:
        """Return a job, as far as it has come."""
        keeps = await self._keeps(caller, repository_id)
        job = await self.jobs.by_id(repository_id, job_id) if job_id else None
        mine = job is not None and job.owner == caller.subject
        if job is None or not (mine or (keeps and await self._reads(caller, job))):
            raise NotFound(
                f"there is no job {job_id[:80]} in {repository_id}",
                next_step="look which there are",
                code="job_not_found",
            )
        return job

    async def page(
        self, caller: Principal, repository_id: str, limit: int, cursor: str
    ) -> tuple[list[Job], str]:
        """List jobs, newest first; a page may be short and yet not be the last."""
        if not await self._keeps(caller, repository_id):
            return await self.jobs.of_owner(repository_id, caller.subject, limit, cursor)
        found, cursor = await self.jobs.page(repository_id, limit, cursor)
        seen = {each.collection_id: each for each in found if each.owner != caller.subject}
        readable = {name for name, job in seen.items() if await self._reads(caller, job)}
        shown = [
            job for job in found if job.owner == caller.subject or job.collection_id in readable
        ]
        return shown, cursor

    async def _keeps(self, caller: Principal, repository_id: str) -> bool:
        """Tell whether the caller looks after the repository, which must be there for them."""
        repository = await self.access.repository(caller, repository_id)
        return decide(caller, Verb.CHANGE, repository.thing()).allowed

    async def _reads(self, caller: Principal, job: Job) -> bool:
        try:
            await self.access.collection(caller, job.repository_id, job.collection_id, Verb.READ)
        except LisaError:
            return False
        return True
