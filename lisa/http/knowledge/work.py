"""Documents and jobs as they are sent and shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from lisa.domain.identity import Principal
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.job import Job, JobType
from lisa.domain.knowledge.names import Fact, Facts, FileName, Tags
from lisa.domain.knowledge.passage import Passage
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.domain.policy import Verb, decide
from lisa.http.knowledge.schemas import Body
from lisa.http.knowledge.shown import Shown
from lisa.usecases.knowledge.access import Reach
from lisa.usecases.knowledge.document_rules import thing_of

MOST_AT_ONCE = 1000
ContentType = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,60}/[A-Za-z0-9_.+-]{1,100}$")]
DocumentId = Annotated[str, Field(min_length=1, max_length=128)]
DocumentIds = Annotated[list[DocumentId], Field(min_length=1, max_length=MOST_AT_ONCE)]


class UploadIn(Body):
    """A file that will be uploaded: exactly so many bytes of that type."""

    name: FileName
    size: Annotated[int, Field(ge=0)]
    content_type: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,60}/[A-Za-z0-9_.+-]{1,100}$")
    ] = "application/octet-stream"
    tags: Tags = ()
    facts: Facts = Field(default_factory=dict)


class DocumentUploadOut(Shown):
    """Where to PUT the bytes; then ask that `documentId` is ingested."""

    document_id: str
    url: str
    expires: datetime


class IngestIn(Body):
    """Files of yours that were uploaded, to become documents; cut as the collection says, or so."""

    document_ids: DocumentIds
    chunking: Chunking | None = None


class RemovalIn(Body):
    """Documents to remove."""

    document_ids: DocumentIds


class RetryIn(Body):
    """Documents to try again; without any all that have failed."""

    document_ids: DocumentIds | None = None


class DocumentOut(Shown):
    """A document, and how far it has come."""

    document_id: str
    repository_id: str
    collection_id: str
    name: str
    source: str
    content_type: str
    kind: str = Field(description="What it is by its content: pdf, docx, ...")
    size: int
    chunking: Chunking | None
    owner: str
    tags: Sequence[str]
    facts: Mapping[str, Fact]
    status: DocumentStatus
    cause: str
    cause_code: str
    next_step: str
    warnings: Sequence[str]
    job_id: str
    pages: int | None
    characters: int
    passages: int = Field(description="How many can be found by now.")
    expected: int = Field(description="How many there will be, as far as known; 0: not known yet.")
    attempts: int
    created: datetime
    updated: datetime
    version: int
    may_change: bool
    has_content: bool = Field(description="Whether its file can be had from here.")

    @classmethod
    def of(cls, document: RagDocument, viewer: Principal, reach: Reach) -> "DocumentOut":
        """Show a document to somebody."""
        own: dict[str, Any] = document.model_dump(include={*cls.model_fields})
        thing = thing_of(reach, document)
        return cls.model_validate(
            own
            | {
                "document_id": document.id,
                "may_change": decide(viewer, Verb.CHANGE, thing).allowed,
                "has_content": bool(document.key),
            }
        )


class DocumentPage(Shown):
    """Documents, newest first; a page may be short."""

    documents: list[DocumentOut]
    next_cursor: str = Field(description="Send it back as `cursor`; empty at the end.")


class JobOut(Shown):
    """A job; it is over once `done` and `failed` together are `total`."""

    job_id: str
    repository_id: str
    collection_id: str
    type: JobType
    owner: str
    pipeline_id: str
    total: int
    done: int
    failed: int
    skipped: int = Field(description="Of those done: nothing had changed.")
    is_over: bool
    cause: str
    created: datetime
    updated: datetime

    @classmethod
    def of(cls, job: Job) -> "JobOut":
        """Show a job."""
        own = job.model_dump(include={*cls.model_fields})
        return cls.model_validate(own | {"job_id": job.id, "is_over": job.is_over})


class JobPage(Shown):
    """Jobs, newest first."""

    jobs: list[JobOut]
    next_cursor: str = Field(description="Send it back as `cursor`; empty at the end.")


class OneJob(Shown):
    """A job that was begun."""

    job: JobOut


class IngestOut(Shown):
    """A job that was begun, and the documents it is about."""

    job: JobOut
    documents: list[DocumentOut]


class ContentOut(Shown):
    """Where a document's file can be had until then."""

    url: str
    expires: datetime


class PassageOut(Shown):
    """A passage, and where in its document it stands."""

    ordinal: int
    text: str
    start: int
    end: int
    page: int | None
    last_page: int | None
    headings: Sequence[str]

    @classmethod
    def of(cls, passage: Passage) -> "PassageOut":
        """Show a passage."""
        place = passage.place
        return cls(
            ordinal=passage.ordinal,
            text=passage.text,
            start=place.start,
            end=place.end,
            page=place.page,
            last_page=place.last_page,
            headings=place.headings,
        )


class PassagesOut(Shown):
    """Passages of a document, in their order."""

    passages: list[PassageOut]
