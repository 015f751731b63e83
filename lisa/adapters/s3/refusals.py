"""Why S3 doesn't do what was asked, in words that say what helps."""

from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)
from botocore.exceptions import ConnectionError as NoConnection

from lisa.domain.errors import Forbidden, Invalid, LisaError, NotFound, Unauthenticated, Unavailable

UNKNOWN_CREDENTIALS: Final = frozenset(
    {
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidToken",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
    }
)
DENIED: Final = frozenset({"AccessDenied", "AllAccessDisabled", "403"})
NO_BUCKET: Final = frozenset({"NoSuchBucket", "404"})
NO_CREDENTIALS: Final = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
)
SERVER_ERROR: Final = 500
GET_CREDENTIALS: Final = "sign in to AWS as you do for its own command line, or set AWS_PROFILE"


def refusal(error: ClientError | BotoCoreError, bucket: str, keys: str) -> LisaError:
    """Return our error for the SDK's; `keys` is the pattern of what was to be written."""
    if isinstance(error, ClientError):
        return _answered(error, bucket, keys)
    if isinstance(error, NO_CREDENTIALS):
        return Unauthenticated(
            "there are no AWS credentials that could be used",
            next_step=GET_CREDENTIALS,
            code="aws_credentials",
        )
    if isinstance(error, ProfileNotFound | ParamValidationError):
        return Invalid(str(error), next_step="correct it, and try again", code="aws_settings")
    if isinstance(error, NoConnection | HTTPClientError):
        return Unavailable(
            f"S3 can't be reached: {error}",
            next_step="look at the network and the proxy, then do it again: what lies there stays",
            code="s3_unreachable",
        )
    return Unavailable(f"S3 can't be used: {error}", next_step="try again", code="s3_failed")


def _answered(error: ClientError, bucket: str, keys: str) -> LisaError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in NO_BUCKET:
        return NotFound(
            f"there is no bucket {bucket}",
            next_step="make it first, or correct its name",
            code="no_bucket",
        )
    if code in DENIED:
        return Forbidden(
            f"AWS doesn't let you write to {keys} in the bucket {bucket}",
            next_step="ask for s3:ListBucket on the bucket, s3:GetObject and s3:PutObject on it",
            code="bucket_denied",
        )
    if code in UNKNOWN_CREDENTIALS:
        return Unauthenticated(
            f"AWS doesn't accept your credentials ({code})",
            next_step=GET_CREDENTIALS,
            code="aws_credentials",
        )
    return _failed(error, code, bucket)


def _failed(error: ClientError, code: str, bucket: str) -> LisaError:
    told = str(error.response.get("Error", {}).get("Message", "")) or code
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= SERVER_ERROR:
        return Unavailable(
            f"S3 fails: {told}", next_step="do it again: what lies there stays", code="s3_failed"
        )
    return Invalid(
        f"S3 refuses this for the bucket {bucket}: {told}",
        next_step="look at the bucket's settings",
        code="s3_refused",
    )
