"""What replicas run on AWS: the engine's command, its image, and what that image wants to know."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.bootstrap.model_stacks import ContainersOnAws, hosts_on_aws
from lisa.declared.model_stack import Site
from lisa.domain.errors import Invalid
from lisa.domain.hosting import EngineName, Hosting, HostKind, Weights
from lisa.domain.model import Model, ModelType
from lisa.stores.models import ModelStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REGION: Final = "eu-central-1"
ACCOUNT = "123456789012"
OURS = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/lisa-tei:1"
SITE = Site(
    deployment="lisa-dev",
    arns=f"{REGION}:{ACCOUNT}",
    template_bucket="templates",
    templates={engine: f"{engine.name.lower()}.json" for engine in EngineName},
    images={EngineName.TEI: OURS},
)


def hosting(**changes: Any) -> Hosting:
    usual: dict[str, Any] = {
        "kind": HostKind.CLOUDFORMATION,
        "engine": EngineName.VLLM,
        "weights": Weights(source="s3://weights/qwen3/8b"),
        "gpus": 1,
        "instance_type": "g6.12xlarge",
    }
    return Hosting.model_validate(usual | changes)


@pytest.fixture
async def models() -> ModelStore:
    store = ModelStore(MemoryTables(ManualClock()))
    for name, kind in (("chats", ModelType.TEXT), ("embeds", ModelType.EMBEDDING)):
        model = Model(id=name, type=kind, created=NOW, changed=NOW, created_by="root")
        await store.add(model)
    return store


@pytest.fixture
async def containers(
    models: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ContainersOnAws]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(
            Bucket=SITE.template_bucket,
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
        for key in SITE.templates.values():
            s3.put_object(Bucket=SITE.template_bucket, Key=key, Body=f"template {key}".encode())
        yield ContainersOnAws(SITE, models)


async def test_an_engine_that_reads_s3_is_told_where_and_listens_to_its_balancer(
    containers: ContainersOnAws,
) -> None:
    made = await containers("chats", hosting())

    assert made.template == "template vllm.json"
    assert made.command[:3] == ["vllm", "serve", "s3://weights/qwen3/8b"]
    assert "0.0.0.0" in made.command  # noqa: S104 - in a container
    assert (made.environment["LISA_WEIGHTS"], made.environment["LISA_MODEL"]) == (
        "s3://weights/qwen3/8b",
        "chats",
    )
    assert made.environment["AWS_REGION"] == REGION
    assert made.environment["LISA_QUEUE_NAMESPACE"] == f"LISA/{SITE.deployment}/Models"
    assert made.repository == ""


async def test_the_models_type_decides_how_its_engine_starts(containers: ContainersOnAws) -> None:
    assert "pooling" in (await containers("embeds", hosting())).command
    assert "pooling" not in (await containers("chats", hosting())).command


async def test_an_image_of_ours_brings_the_weights_into_its_folder_and_may_be_pulled(
    containers: ContainersOnAws,
) -> None:
    made = await containers("embeds", hosting(engine=EngineName.TEI))

    assert made.image == OURS
    assert "/weights" in made.command
    assert made.repository == f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/lisa-tei"


async def test_an_image_that_loads_nothing_from_s3_is_refused_before_anything_is_made(
    containers: ContainersOnAws,
) -> None:
    with pytest.raises(Invalid, match="loads no weights from S3") as refusal:
        await containers("chats", hosting(engine=EngineName.TGI))
    assert "containers/engines" in refusal.value.next_step


async def test_secrets_become_the_arns_that_ecs_knows(containers: ContainersOnAws) -> None:
    hub = Weights(source="meta-llama/Llama-3.1-8B")
    named = {"HF_TOKEN": "secret:lisa/dev/hub"}
    made = await containers("chats", hosting(weights=hub, environment=named))

    assert made.secrets == {
        "HF_TOKEN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:lisa/dev/hub"
    }
    with pytest.raises(Invalid, match="env"):
        await containers("chats", hosting(weights=hub, environment={"HF_TOKEN": "env:TOKEN"}))


def test_a_deployment_without_a_site_has_no_host() -> None:
    assert hosts_on_aws(None, MemoryTables(ManualClock())) == {}
