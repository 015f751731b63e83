"""Every client of AWS speaks to the region and partition it is told of, and to no other."""

import re
from pathlib import Path

import pytest

from lisa.adapters.aws_secrets.store import make_client as secrets
from lisa.adapters.dynamodb.client import make_client as dynamodb
from lisa.adapters.s3.client import make_client as s3

ROOT = Path(__file__).parents[2]
ASSUMED = re.compile(r"\b(us|eu)-(east|west|central)-\d\b|arn:aws:")


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("ap-southeast-2", "amazonaws.com"),
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("us-iso-east-1", "c2s.ic.gov"),
        ("us-isob-east-1", "sc2s.sgov.gov"),
    ],
)
def test_a_client_names_its_region_and_its_partitions_host(
    region: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for make in (dynamodb, s3, secrets):
        client = make()
        assert client.meta.region_name == region
        assert client.meta.endpoint_url.endswith(f"{region}.{suffix}")


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "us-gov-west-1"])
def test_links_lead_to_the_region_of_the_bucket_as_pages_may_ask_no_other_place(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    client, origin = s3(), f"https://content.s3.{region}.amazonaws.com/"

    put = client.generate_presigned_url("put_object", {"Bucket": "content", "Key": "a"})
    form = client.generate_presigned_post("content", "a")

    assert put.startswith(origin)
    assert form["url"] == origin


def test_no_code_of_ours_assumes_a_region_or_a_partition() -> None:
    assuming = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for part in ("lisa", "lambdas", "stacks", "containers")
        for path in sorted((ROOT / part).rglob("*.py"))
        for line in path.read_text().splitlines()
        if ASSUMED.search(line)
    ]
    assert assuming == []
