"""The SDK's client as this adapter needs it."""

from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

THREADS: Final = 16


def make_client() -> "S3Client":
    """Make a client whose links carry nothing that the holder would have to compute.

    They lead to the bucket's own region: pages may ask no other place, and no link is redirected.
    """
    config = Config(
        connect_timeout=3,
        read_timeout=20,
        max_pool_connections=THREADS,
        retries={"mode": "standard", "total_max_attempts": 4},
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    )
    return boto3.session.Session().client("s3", config=config)
