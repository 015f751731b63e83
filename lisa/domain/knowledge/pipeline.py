"""What loads documents by itself: a bucket's prefix, or a folder of this machine."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from lisa.domain.frozen import Frozen
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.names import CollectionId, Facts, Tags


class Trigger(StrEnum):
    """What makes a pipeline look: each change, or a time of day."""

    EVENT = "event"
    SCHEDULE = "schedule"


class Pipeline(Frozen):
    """Keeps a collection like a source: `s3://BUCKET/PREFIX`, or a watched folder's path.

    An empty `collection_id` is the repository's default collection. With `auto_remove`, what
    vanished there vanishes here. `cron` has five fields, in UTC, and counts for schedules only.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
    source: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    collection_id: CollectionId | None = None
    trigger: Trigger = Trigger.EVENT
    cron: Annotated[str, StringConstraints(max_length=100)] = "0 0 * * *"
    auto_remove: bool = True
    chunking: Chunking | None = None  # None: the collection's
    tags: Tags = ()
    facts: Annotated[Facts, Field(default_factory=dict)]


class PipelineRun(Frozen):
    """One time that a pipeline looked, and what came of it."""

    id: str
    pipeline_id: str
    began: datetime
    ended: datetime | None = None
    added: int = 0
    changed: int = 0
    removed: int = 0
    failed: int = 0
    cause: str = ""
