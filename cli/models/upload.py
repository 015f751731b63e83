"""The command `lisa models upload`: weights from a folder here to where engines load them."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.models.progress import Progress, size
from cli.options import Json
from cli.output import answer, note
from lisa.domain.errors import Invalid
from lisa.domain.weights import Origin, origin_of
from lisa.domain.weights_manifest import MANIFEST
from lisa.domain.weights_parcel import Packed, pack

if TYPE_CHECKING:
    from lisa.bootstrap.weights import Outcome

MOST_NAMED: Final = 5
SCHEME: Final = "s3://"

Folder = Annotated[
    Path, typer.Argument(help="A folder of weights, or one GGUF file.", metavar="DIR")
]
Target = Annotated[
    str, typer.Argument(help="Where engines shall load them from.", metavar="s3://BUCKET/PREFIX")
]


def upload(*, folder: Folder, target: Target, as_json: Json = False) -> None:
    """Check weights and bring them to a bucket, with your own AWS credentials.

    Config, tokenizer and the header of every safetensors and GGUF file must be whole; what is
    missing or torn is named, and nothing is sent. Files go in parallel, big ones in parts, each
    with its hash. What lies there already isn't sent again, so after a break do it once more.
    At the end a list of all files, lisa-weights.json, is put beside them: engines hold what they
    load against it. Pickled weights (.bin, .pt) and hidden files are left behind.

    For example:
      lisa models upload ./Qwen3-8B s3://my-models/qwen3-8b
      lisa models upload tiny.Q8_0.gguf s3://my-models/tiny
      lisa models create qwen --engine vllm --weights s3://my-models/qwen3-8b
    """
    place = target.rstrip("/")
    bucket, prefix = _split(place)
    packed = pack(folder.expanduser().resolve())
    for name in packed.left:
        note(f"left behind, as pickled weights can run code: {name}")
    outcome = _send(packed, bucket, prefix)
    if outcome.others:
        note(f"{place} also has what this model hasn't: {_some(outcome.others)}")
    told: dict[str, Any] = {
        "source": place,
        "manifest": f"{place}/{MANIFEST}",
        "sent": len(outcome.files) - outcome.there_already,
        "there_already": outcome.there_already,
        "files": [each.model_dump() for each in outcome.files],
    }
    answer(told, _summary(told), as_json=as_json)


def _split(place: str) -> tuple[str, str]:
    """Return the bucket, and the prefix in it."""
    if not place.startswith(SCHEME) or origin_of(place) is not Origin.S3:
        raise Invalid(
            f"{place} is no place in S3", next_step="give s3://BUCKET/PREFIX", code="no_s3_place"
        )
    bucket, _, prefix = place.removeprefix(SCHEME).partition("/")
    return bucket, prefix


def _send(packed: Packed, bucket: str, prefix: str) -> "Outcome":
    from lisa.bootstrap.weights import bucket_of  # noqa: PLC0415 - AWS's SDK takes half a second

    total = sum(each.file.stat().st_size for each in packed.parcels)
    progress = Progress(sys.stderr, total)
    try:
        return bucket_of(bucket, prefix).send(packed.parcels, progress)
    finally:
        progress.end()


def _summary(told: dict[str, Any]) -> str:
    total = size(sum(each["size"] for each in told["files"]))
    counts = f"{told['sent']} files sent, {told['there_already']} lay there already"
    return f"{told['source']} has the model's {len(told['files'])} files, {total}: {counts}"


def _some(names: Sequence[str]) -> str:
    more = [f"and {len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    return ", ".join([*names[:MOST_NAMED], *more])
