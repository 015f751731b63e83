"""What documents say of the configuration is so: examples can be read, and keys are there."""

import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # it has no types

from deployment.config.reading import read_config
from deployment.config.shapes import every_key

ROOT = Path(__file__).parents[3]
PAGES = [
    *sorted((ROOT / "docs" / "operations").glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
]
EXAMPLE = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
KEY = re.compile(r"`([a-z_]+(?:\.[a-z_]+)+)(?::[^`]*)?`")
EXAMPLES = [(page.name, text) for page in PAGES for text in EXAMPLE.findall(page.read_text())]
SERVE = yaml.safe_load((ROOT / "config" / "full.yaml").read_text())["serve"]
PARTS = {key.partition(".")[0] for key in every_key()}


@pytest.mark.parametrize(("page", "text"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_in_a_document_is_a_configuration(page: str, text: str, tmp_path: Path) -> None:
    """It may be a part of one, whose gateway is told of elsewhere."""
    said = yaml.safe_load(text.replace("...", "11111111-2222-3333-4444-555555555555"))
    file = tmp_path / "lisa.yaml"
    file.write_text(yaml.safe_dump({"serve": SERVE, **said}))
    assert read_config(file).name, page


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_a_key_that_a_document_names_is_there(page: Path) -> None:
    named = [key for key in KEY.findall(page.read_text()) if key.partition(".")[0] in PARTS]
    assert [key for key in named if key not in every_key()] == []
