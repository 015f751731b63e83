"""What somebody wants to upload, checked before a link for it is given out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from lisa.domain.errors import Invalid, TooLarge
from lisa.domain.faults import named
from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.rag_file import LARGEST_FILE, RagFile
from lisa.stores.knowledge.files import blob_key

USUAL_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Upload:
    """A file as its owner describes it."""

    name: str
    size: int
    content_type: str = USUAL_TYPE
    tags: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class UploadLink:
    """A URL that takes exactly the bytes that were announced, by PUT."""

    document_id: str
    url: str
    expires: datetime


def checked_file(
    owner: str, file_id: str, upload: Upload, created: datetime, **more: object
) -> RagFile:
    """Return the file that an upload makes; whatever is wrong with it is named."""
    if upload.size > LARGEST_FILE:
        raise too_large()
    if upload.size < 1:
        raise Invalid("the file is empty", next_step="choose another file", code="empty_file")
    try:
        return RagFile.model_validate(
            {
                "id": file_id,
                "owner": owner,
                "name": upload.name,
                "content_type": upload.content_type or USUAL_TYPE,
                "size": upload.size,
                "key": blob_key(owner, file_id),
                "tags": upload.tags,
                "facts": dict(upload.facts),
                "created": created,
                **more,
            }
        )
    except ValidationError as fault:
        raise Invalid(
            named(fault, "upload"), next_step="correct these fields", code="bad_upload"
        ) from fault


def too_large() -> TooLarge:
    """Say how much a file may have."""
    return TooLarge(
        f"a file may have {LARGEST_FILE // 1024 // 1024} MB",
        next_step="send a smaller one, or in parts",
        code="file_too_large",
    )
