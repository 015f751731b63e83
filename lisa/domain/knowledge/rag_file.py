"""A file that somebody uploaded: content that can become a document of collections."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from lisa.domain.frozen import Frozen
from lisa.domain.knowledge.names import Facts, FileName, Tags

LARGEST_FILE: Final = 512 * 1024 * 1024


class RagFile(Frozen):
    """One file of its owner's.

    One that isn't `kept` goes with the last document that was made of it; `places` are the uids of
    the collections where it is a document. A `removed` one only waits for these to be gone.
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
    tags: Tags = ()
    facts: Annotated[Facts, Field(default_factory=dict)]
    places: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    created: datetime
    version: int = 1
