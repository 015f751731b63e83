from pathlib import Path

import pytest

from lisa.domain.errors import Unavailable
from local.builtin.weights import TENSORS, verified


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / TENSORS).write_bytes(b"others")
    with pytest.raises(
        Unavailable, match=f"{TENSORS} of MiniLM isn't the published one"
    ) as refused:
        verified(tmp_path)
    assert "make setup" in refused.value.next_step


def test_weights_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=f"{TENSORS} of MiniLM cannot be read"):
        verified(tmp_path)
