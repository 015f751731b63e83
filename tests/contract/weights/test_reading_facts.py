"""What weights say of their model is the same in a folder and in a bucket."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lisa.adapters.files.weights import FolderWeights
from lisa.adapters.s3.weights_reading import S3WeightsReader
from lisa.bootstrap.weights_reading import LocalWeights
from lisa.domain.errors import Forbidden, Invalid, LisaError, NotFound, Unavailable
from lisa.domain.hosting import Weights
from lisa.domain.weights import ModelFacts
from tests.contract.weights.bucket_server import Answer, Asked, BucketServer, denied
from tests.unit.engines.weights_files import TENSORS, folder_of, gguf, safetensors

LENGTH = 3_000_000  # of the weights, which nobody shall fetch
LARGE = {"embed": {"dtype": "U8", "shape": [LENGTH], "data_offsets": [0, LENGTH]}}
FILES: dict[str, Any] = {
    "config.json": {"architectures": ["BertModel"], "max_position_embeddings": 512},
    "tokenizer.json": {},
    "1_Pooling/config.json": {"word_embedding_dimension": 384},
    "2_other/config.json": b"of no interest",
    "model.safetensors": safetensors(LARGE, data=bytes(LENGTH)),
}
WORDS = {
    "tokenizer.ggml.tokens": ["word"] * 100_000,
    "general.architecture": "llama",
    "llama.context_length": 8192,
}
Reads = Callable[[dict[str, Any], str], Any]


def put(s3: BucketServer, files: dict[str, Any]) -> None:
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        s3.bucket.put_object(Key=f"model/{name}", Body=raw)


def reader(s3: BucketServer) -> S3WeightsReader:
    return S3WeightsReader(s3.client())


@pytest.fixture(params=["folder", "bucket"])
def reads(request: pytest.FixtureRequest, tmp_path: Path, s3: BucketServer) -> Reads:
    """Return what reads these files: all of them, or the one that is named."""

    async def in_folder(files: dict[str, Any], one: str) -> ModelFacts | None:
        folder = folder_of(tmp_path / "model", files)
        return await FolderWeights().facts(Weights(source=str(folder / one)))

    async def in_bucket(files: dict[str, Any], one: str) -> ModelFacts | None:
        put(s3, files)
        return await reader(s3).facts(Weights(source=f"s3://weights/model/{one}"))

    return in_folder if request.param == "folder" else in_bucket


async def test_a_model_tells_of_itself(reads: Reads) -> None:
    facts = await reads(FILES, "")
    assert (facts.context_window, facts.dimension, facts.parameters) == (512, 384, LENGTH)
    assert facts.bytes == len(FILES["model.safetensors"])


async def test_a_gguf_file_with_a_long_list_of_words_tells_of_itself(reads: Reads) -> None:
    facts = await reads({"tiny.gguf": gguf(WORDS), "other.gguf": b"torn"}, "tiny.gguf")
    assert (facts.context_window, facts.files) == (8192, ("tiny.gguf",))


async def test_torn_and_missing_files_are_named_together(reads: Reads) -> None:
    named = {name: f"{at}.safetensors" for at, name in enumerate(TENSORS)}
    files = {
        "config.json": b"{",
        "model.safetensors.index.json": {"weight_map": named},
        "0.safetensors": safetensors()[:-1],
    }
    with pytest.raises(Invalid) as refused:
        await reads(files, "")
    assert "config.json: it isn't the JSON it should be" in refused.value.message
    assert "0.safetensors: it should hold 96 bytes" in refused.value.message
    assert "1.safetensors: it is missing" in refused.value.message
    assert "tokenizer.json: it is missing" in refused.value.message
    assert refused.value.next_step


async def test_a_gguf_file_that_is_not_there_is_named(reads: Reads) -> None:
    with pytest.raises(Invalid, match=r"gone\.gguf: it is missing"):
        await reads(FILES, "gone.gguf")


async def test_of_large_files_only_the_beginning_is_fetched(s3: BucketServer) -> None:
    put(s3, FILES)
    await reader(s3).facts(Weights(source="s3://weights/model"))
    large = [each for each in s3.ranges() if each.path.endswith("model.safetensors")]
    assert [each.range for each in large] == [f"bytes=0-{256 * 1024 - 1}"]


async def test_an_object_that_vanishes_meanwhile_is_missing(s3: BucketServer) -> None:
    put(s3, FILES)

    def gone(asked: Asked, answer: Answer) -> Answer:
        if asked.path.endswith("model.safetensors"):
            return Answer(404, answer.headers, b"<Error><Code>NoSuchKey</Code></Error>")
        return answer

    s3.change = gone
    with pytest.raises(Invalid, match=r"model\.safetensors: it is missing"):
        await reader(s3).facts(Weights(source="s3://weights/model"))


@pytest.mark.parametrize(
    ("source", "change", "kind", "words"),
    [
        ("s3://weights/model", denied, Forbidden, "may not read model/"),
        ("s3://others/model", None, NotFound, "there is no bucket others"),
        (
            "s3://weights/model",
            lambda *_: Answer(500, {}, b"<Error><Code>InternalError</Code></Error>"),
            Unavailable,
            "S3 fails",
        ),
    ],
)
async def test_what_s3_refuses_is_told_in_plain_words(
    s3: BucketServer, source: str, change: Any, kind: type[LisaError], words: str
) -> None:
    s3.change = change or s3.change
    with pytest.raises(kind, match=words) as refused:
        await reader(s3).facts(Weights(source=source))
    assert refused.value.next_step


async def test_what_lies_elsewhere_is_nobodys(s3: BucketServer, tmp_path: Path) -> None:
    hub, folder = Weights(source="Qwen/Qwen3-8B"), Weights(source=str(tmp_path))
    assert await reader(s3).facts(hub) is None
    assert await reader(s3).facts(folder) is None
    assert await FolderWeights().facts(hub) is None
    assert await FolderWeights().facts(Weights(source="s3://weights/model")) is None


async def test_the_local_profile_reads_folders_and_buckets(
    s3: BucketServer, tmp_path: Path
) -> None:
    put(s3, FILES)
    local = LocalWeights(buckets=lambda: reader(s3))
    folder = folder_of(tmp_path, FILES)
    sources = (str(folder), "s3://weights/model/", "Qwen/Qwen3-8B")
    first, second, third = [await local.facts(Weights(source=each)) for each in sources]
    assert first == second
    assert first is not None
    assert third is None
