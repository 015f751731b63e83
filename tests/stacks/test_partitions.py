"""Every example is at home in its partition, and what is built already is all that is needed."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.region_info import RegionInfo

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from deployment.partitions import partition_of
from tests.stacks.conftest import EXAMPLES, ROOT
from tests.stacks.offline import empty_bundles_in, synthesise_alone, with_bundles

Assemble = Callable[[DeploymentConfig], Path]
Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
IMAGE = {"image": "registry.example.com/lisa:1"}
ELSEWHERE: dict[str, Any] = {
    "identity": {"provider": "issuers"},
    "doors": {"issuers": [{"issuer": "https://idp.example.com", "audience": "lisa"}]},
    "web": {
        "sign_in": {"authority": "https://idp.example.com", "client_id": "lisa-pages"},
        "gateway": "https://llm.example.com",
    },
    "serve": {
        "enabled": True,
        "callers": ["10.0.0.0/8"],
        "plain_http": "it stays inside",
        **IMAGE,
    },
    "litellm": IMAGE,
    "knowledge": IMAGE,
}
OTHER_REGIONS = ("us-isob-east-1", "eu-isoe-west-1", "eusc-de-east-1")
REGION = re.compile(
    r"\b[a-z]{2,4}-(?:[a-z]+-)?(?:north|south|east|west|central|(?:north|south)(?:east|west))-\d"
)
ARN = re.compile(r"arn:aws[\w-]*:")
ACCOUNT = re.compile(r"\b\d{12}\b")
OF_AWS = re.compile(r"amazonaws|c2s\.ic\.gov|sc2s\.sgov")
SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)?\.amazonaws\.com(/\*|/AWSServiceRole.*)?")
ENDPOINT = re.compile(r"(cn\.)?com\.amazonaws\.(\$\{AWS::Region\}|\(given\))\.[a-z0-9.-]+")
HOST = re.compile(
    r"\b(?:execute-api|s3|cognito-idp|dkr\.ecr)\.(?:\$\{AWS::Region\}|\(given\))\.(\S+)"
)


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return empty_bundles_in(tmp_path_factory.mktemp("bundles"))


def leaves(value: Any) -> Iterator[str]:
    """Yield every text of a template; those that are put together, with their references."""
    match value:
        case {"Fn::Join": [str(separator), list(parts)]}:
            yield separator.join(
                part if isinstance(part, str) else f"${{{part.get('Ref', '?')}}}" for part in parts
            )
        case dict():
            for key, each in value.items():
                yield str(key)
                yield from leaves(each)
        case list():
            for each in value:
                yield from leaves(each)
        case str():
            yield value


def written(templates: dict[str, Any], config: DeploymentConfig) -> set[str]:
    """Return all texts of all templates, without what the configuration brought."""
    told = config.model_dump(mode="json")
    given = {each for each in leaves(told) if re.search("[-.:/]", each) or each.isdigit()}
    found = {leaf for template in templates.values() for leaf in leaves(template)}
    for known in sorted(given, key=len, reverse=True):
        found = {leaf.replace(known, "(given)") for leaf in found}
    return found


def warnings_in(folder: Path) -> Iterator[str]:
    """Yield what people are warned of who synthesise."""
    for file in folder.glob("*.metadata.json"):
        for told in chain.from_iterable(json.loads(file.read_text()).values()):
            if told["type"] in ("aws:cdk:warning", "aws:cdk:error"):
                yield told["data"]


def hosts_in(found: set[str]) -> set[str]:
    """Return what names hosts of AWS with their endings written out."""
    parts = {part for leaf in found for part in re.split(r"[\s\"\\]|aws-service-role/", leaf)}
    return {part for part in parts if OF_AWS.search(part) and not ENDPOINT.fullmatch(part)}


def refuse_strangers(templates: dict[str, Any], config: DeploymentConfig) -> None:
    found = written(templates, config)
    ends = [end for leaf in found for end in HOST.findall(leaf)]

    assert [leaf for leaf in found if ARN.search(leaf)] == []
    assert [leaf for leaf in found if REGION.search(leaf)] == []
    assert [leaf for leaf in found if ACCOUNT.search(leaf)] == []
    assert [host for host in hosts_in(found) if not SERVICE.fullmatch(host)] == []
    assert ends
    assert [end for end in ends if not end.startswith(("${AWS::URLSuffix}", "*"))] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: str(file.stem))
def test_an_example_names_no_partition_no_other_region_and_no_other_account(
    synthesise: Synthesise, bundles: Path, example: Path
) -> None:
    config = with_bundles(read_config(example), bundles)

    refuse_strangers(synthesise(config), config)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: str(file.stem))
def test_an_example_asks_no_account_for_anything_and_warns_of_nothing(
    assemble: Assemble, bundles: Path, example: Path
) -> None:
    folder = assemble(with_bundles(read_config(example), bundles))

    assert json.loads((folder / "manifest.json").read_text()).get("missing", []) == []
    assert [told for told in warnings_in(folder) if "lisa:" not in told] == []


@pytest.mark.parametrize("region", OTHER_REGIONS)
def test_so_it_is_in_partitions_that_no_example_goes_to(
    synthesise: Synthesise, region: str
) -> None:
    config = DeploymentConfig.model_validate({**ELSEWHERE, "region": region})

    refuse_strangers(synthesise(config), config)


@pytest.mark.parametrize(
    "region",
    [*OTHER_REGIONS, "eu-central-1", "us-gov-west-1", "cn-north-1", "us-iso-east-1"],
)
def test_the_cdk_knows_the_same_suffixes(region: str) -> None:
    known, ours = RegionInfo.get(region), partition_of(region)

    assert (known.partition, known.domain_suffix) == (ours.name, ours.suffix)


def test_with_bundles_images_and_pages_nothing_is_fetched_or_built(
    tmp_path: Path, bundles: Path
) -> None:
    out = tmp_path / "cdk.out"
    synthesise_alone(ROOT / "config" / "isolated.yaml", bundles, out)

    manifests = [json.loads(file.read_text()) for file in out.glob("*.assets.json")]
    sources = [each["source"] for one in manifests for each in one["files"].values()]
    assert [one["dockerImages"] for one in manifests if one["dockerImages"]] == []
    assert sources
    assert [each for each in sources if not (out / each["path"]).exists()] == []
