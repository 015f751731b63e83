"""A file that somebody uploaded: content that can become a document of collections."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from lisa.domain.frozen import Frozen
from lisa.domain.knowledge.names import Facts, FileName, Tags

IDLE_LIFE: Final = timedelta(days=7)
LARGEST_FILE: Final = 512 * 1024 * 1024


class RagFile(Frozen):
    """One file of its owner's.

    One that isn't `kept` goes with the last document that was made of it; `places` are the uids of
    the collections where it is a document. A `removed` one only waits for these to be gone. That
    all of its content is here is known of a `whole` one.
    """

    id: str
    owner: str
    name: FileName
    content_type: str
    size: Annotated[int, Field(ge=0, le=LARGEST_FILE)]
    key: str
    purpose: str = "assistants"
    kept: bool = False
    removed: bool = False
    whole: bool = False
    tags: Tags = ()
    facts: Annotated[Facts, Field(default_factory=dict)]
    places: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    created: datetime
    version: int = 1

    @property
    def idle_until(self) -> datetime | None:
        """Return when it goes, if until then no document is made of it; nothing where it stays."""
        stays = bool(self.places) or (self.kept and self.whole and not self.removed)
        return None if stays else self.created + IDLE_LIFE
