"""Which files are sent of a model, and what keeps them from being sent."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.weights_manifest import Manifest, WeightsFile, manifest_of
from lisa.domain.weights_parcel import pack
from tests.unit.engines.weights_files import folder_of, gguf, safetensors

HASH = "0" * 64
WHOLE = {"config.json": {}, "tokenizer.json": {}, "model.safetensors": safetensors()}


def names(path: Path) -> list[str]:
    return [each.name for each in pack(path).parcels]


def test_a_folder_goes_whole_but_for_hidden_and_pickled_files_and_an_old_list(
    tmp_path: Path,
) -> None:
    more = {
        "1_Pooling/config.json": {},
        "pytorch_model.bin": b"",
        "original/consolidated.pth": b"",
        ".cache/lock": b"",
        "lisa-weights.json": {},
    }
    folder = folder_of(tmp_path, {**WHOLE, **more})
    packed = pack(folder)
    assert names(folder) == ["1_Pooling/config.json", *sorted(WHOLE)]
    assert packed.left == ["original/consolidated.pth", "pytorch_model.bin"]
    assert packed.facts.files == ("model.safetensors",)


def test_links_are_followed_to_their_files(tmp_path: Path) -> None:
    stored = folder_of(tmp_path / "stored", WHOLE)
    folder = tmp_path / "linked"
    folder.mkdir()
    for name in WHOLE:
        (folder / name).symlink_to(stored / name)
    assert names(folder) == sorted(WHOLE)


def test_one_model_of_gguf_goes_with_all_its_parts_and_nothing_else(tmp_path: Path) -> None:
    parts = ["tiny-00001-of-00002.gguf", "tiny-00002-of-00002.gguf"]
    folder = folder_of(tmp_path, dict.fromkeys([*parts, "other.gguf"], gguf()))
    assert names(folder / parts[0]) == parts
    assert names(folder) == ["other.gguf", *parts]


def test_a_torn_file_that_is_only_sent_along_is_named_too(tmp_path: Path) -> None:
    files = {"a.gguf": gguf(), "b.gguf": gguf(data=3)}
    with pytest.raises(Invalid, match=r"b\.gguf: 65 bytes of it are missing"):
        pack(folder_of(tmp_path, files))


def test_the_list_is_written_in_order_and_read_again() -> None:
    files = [WeightsFile(path=path, size=1, sha256=HASH) for path in ("b", "a/c")]
    written = Manifest.model_validate_json(manifest_of(files))
    assert [each.path for each in written.files] == ["a/c", "b"]


@pytest.mark.parametrize("path", ["", "/a", "a//b", "../a", "a/./b", "a\\b", "a\n", "a/"])
def test_no_list_names_what_is_not_below_it(path: str) -> None:
    with pytest.raises(ValidationError):
        WeightsFile(path=path, size=1, sha256=HASH)
