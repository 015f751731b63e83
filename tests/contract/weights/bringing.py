"""A model to bring, and how tests bring it: in small parts and without pauses."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from containers.engines.loading.bucket import Bucket
from containers.engines.loading.download import Download, Pace, free_bytes
from containers.engines.loading.manifest import wanted_in
from containers.engines.loading.settings import source_of
from lisa.domain import weights_manifest
from lisa.domain.weights_manifest import MANIFEST, WeightsFile
from tests.contract.weights.bucket_server import BUCKET, BucketServer

PART: Final = 1024
PLACE: Final = f"s3://{BUCKET}/model"
MODEL: Final = {
    "config__json": b'{"hidden_size": 8}',
    "first__safetensors": bytes(range(256)) * 20,
    "second__safetensors": bytes(reversed(range(256))) * 20 + b"more",
}
FILES: Final = {name.replace("__", "."): content for name, content in MODEL.items()}


def manifest_of(files: dict[str, bytes]) -> bytes:
    """Write a manifest of any paths, also of such as `lisa models upload` would never write."""
    entries = [
        {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in files.items()
    ]
    return json.dumps({"version": 1, "files": entries}).encode()


def uploaded(s3: BucketServer, *, manifest: bool = True) -> None:
    """Put the model into the bucket, with the manifest that `lisa models upload` writes."""
    s3.put(**MODEL)
    if manifest:
        listed = [
            WeightsFile(path=path, size=len(content), sha256=hashlib.sha256(content).hexdigest())
            for path, content in FILES.items()
        ]
        s3.bucket.put_object(Key=f"model/{MANIFEST}", Body=weights_manifest.manifest_of(listed))


def bring(
    s3: BucketServer,
    folder: Path,
    *,
    place: str = PLACE,
    free: Callable[[Path], int] = free_bytes,
    client: Any = None,
) -> list[str]:
    """Bring the model, and return what was said."""
    said: list[str] = []
    bucket = Bucket(client or s3.client(), source_of(place))
    pace = Pace(threads=4, part_bytes=PART, tries=3, first_pause_seconds=0)
    Download(bucket, folder, said.append, pace, free).bring(wanted_in(bucket))
    return said


def brought(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, but for our own notes."""
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file() and ".lisa" not in each.parts
    }
