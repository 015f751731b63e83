"""What an engine's container is told by its environment."""

from pathlib import Path

import pytest

from containers.engines.loading.failures import CannotStart, Exit
from containers.engines.loading.settings import Source, settings_of, source_of


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("s3://weights", Source("weights", "")),
        ("s3://weights/", Source("weights", "")),
        ("s3://weights/qwen3/8b", Source("weights", "qwen3/8b/")),
        ("s3://weights/qwen3/8b/", Source("weights", "qwen3/8b/")),
        ("s3://weights/q/model.gguf", Source("weights", "q/", "model.gguf")),
        ("s3://weights/model.gguf", Source("weights", "", "model.gguf")),
    ],
)
def test_a_place_is_a_bucket_with_a_prefix_or_a_file(place: str, source: Source) -> None:
    assert source_of(place) == source


@pytest.mark.parametrize("place", ["weights", "s3://", "s3://UPPER/x", "https://weights/x"])
def test_what_is_no_place_in_s3_is_refused(place: str) -> None:
    with pytest.raises(CannotStart, match="give s3://BUCKET/PREFIX") as refused:
        source_of(place)
    assert refused.value.code is Exit.SETTINGS


def test_without_settings_nothing_is_loaded_and_nothing_told() -> None:
    settings = settings_of({})
    assert settings.source is None
    assert settings.folder == Path("/weights")
    assert (settings.model, settings.streams) == ("", False)


@pytest.mark.parametrize("told", ["0", "-1", "nan", "often"])
def test_a_wrong_interval_is_refused(told: str) -> None:
    with pytest.raises(CannotStart, match="give a number above 0"):
        settings_of({"LISA_QUEUE_SECONDS": told})
