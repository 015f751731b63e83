"""Brings the model of a place into a folder in small parts: `ADDRESS PLACE FOLDER`."""

import sys
from pathlib import Path

import boto3

from containers.engines.loading.bucket import Bucket
from containers.engines.loading.download import Download, Pace
from containers.engines.loading.manifest import wanted_in
from containers.engines.loading.settings import source_of
from containers.engines.loading.start import say
from tests.contract.weights.bringing import PART

if __name__ == "__main__":
    address, place, folder = sys.argv[1:]
    bucket = Bucket(boto3.client("s3", endpoint_url=address), source_of(place))
    pace = Pace(threads=2, part_bytes=PART)
    Download(bucket, Path(folder), say, pace).bring(wanted_in(bucket))
