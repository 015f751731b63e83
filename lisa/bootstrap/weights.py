"""Puts together what sends weights to a bucket; to import it loads AWS's SDK."""

from lisa.adapters.s3.weights import Outcome, S3Weights, make_weights_client

__all__ = ["Outcome", "bucket_of"]


def bucket_of(bucket: str, prefix: str) -> S3Weights:
    """Return what sends to this place in a bucket."""
    return S3Weights(make_weights_client(), bucket, prefix)
