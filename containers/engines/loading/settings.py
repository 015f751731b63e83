"""What the environment says: where the weights lie, where they go, what tells of the queue."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from containers.engines.loading.failures import CannotStart, Exit

PLACE: Final = re.compile(r"^s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<path>.*))?$")
FOLDER: Final = "/weights"
QUEUE_SECONDS: Final = "30"
NAMESPACE: Final = "LISA/Models"


@dataclass(frozen=True)
class Source:
    """A prefix in a bucket, empty or with a slash at its end; `name` is of one model in it."""

    bucket: str
    prefix: str
    name: str = ""

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"s3://{self.bucket}/{self.prefix}{self.name}"


@dataclass(frozen=True)
class Settings:
    """Everything that is configured; without a source nothing is loaded."""

    source: Source | None
    folder: Path
    streams: bool
    model: str
    metrics: str
    waiting: str
    namespace: str
    queue_seconds: float


def settings_of(environ: Mapping[str, str]) -> Settings:
    """Read and check the settings."""
    place = environ.get("LISA_WEIGHTS", "")
    return Settings(
        source=source_of(place) if place else None,
        folder=Path(environ.get("LISA_WEIGHTS_FOLDER") or FOLDER),
        streams=environ.get("LISA_ENGINE_STREAMS") == "true",
        model=environ.get("LISA_MODEL", ""),
        metrics=environ.get("LISA_ENGINE_METRICS", ""),
        waiting=environ.get("LISA_ENGINE_WAITING", ""),
        namespace=environ.get("LISA_QUEUE_NAMESPACE") or NAMESPACE,
        queue_seconds=_seconds(environ.get("LISA_QUEUE_SECONDS") or QUEUE_SECONDS),
    )


def source_of(place: str) -> Source:
    """Take a place in S3 apart; one that ends in .gguf names a file, any other a prefix."""
    found = PLACE.match(place)
    if not found:
        raise CannotStart(
            Exit.SETTINGS, f"LISA_WEIGHTS is {place!r}: give s3://BUCKET/PREFIX, or nothing"
        )
    path = (found["path"] or "").strip("/")
    name = path.rpartition("/")[2] if path.endswith(".gguf") else ""
    prefix = path.removesuffix(name).strip("/")
    return Source(found["bucket"], f"{prefix}/" if prefix else "", name)


def _seconds(told: str) -> float:
    try:
        seconds = float(told)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise CannotStart(Exit.SETTINGS, f"LISA_QUEUE_SECONDS is {told!r}: give a number above 0")
    return seconds
