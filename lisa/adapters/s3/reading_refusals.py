"""Why LISA can't read from a bucket, in words for whoever looks after it."""

from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from lisa.domain.errors import Forbidden, Invalid, LisaError, NotFound, Unavailable

DENIED: Final = frozenset({"AccessDenied", "AllAccessDisabled", "403", "KMS.DisabledException"})
ARCHIVED: Final = "InvalidObjectState"
NO_BUCKET: Final = "NoSuchBucket"


def reading_refusal(error: ClientError | BotoCoreError, bucket: str) -> LisaError:
    """Return our error for the SDK's."""
    code = error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
    if code == NO_BUCKET:
        return NotFound(
            f"there is no bucket {bucket}",
            next_step="make it first, or correct its name",
            code="no_bucket",
        )
    if code in DENIED:
        return Forbidden(
            f"AWS doesn't let LISA read from the bucket {bucket}",
            next_step="look at the bucket's policy and at the policy of its key",
            code="bucket_denied",
        )
    if code == ARCHIVED:
        return Invalid(
            "the file lies in an archive of S3",
            next_step="restore it there, then try again",
            code="file_archived",
        )
    return Unavailable(
        f"the bucket {bucket} can't be read now: {code or error}",
        next_step="try again in a moment",
        code="source_unreadable",
    )
