"""What a kill leaves between files is cleared at the next start, and nothing else is."""

from pathlib import Path

from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.files.durable import REMOVED, UNFINISHED
from lisa.adapters.memory.clock import ManualClock


async def test_leftovers_go_and_content_stays(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path, b"secret", ManualClock(), "http://127.0.0.1")
    await blobs.put("ann/1", b"kept", "text/plain")
    (tmp_path / UNFINISHED / "torn").write_bytes(b"half")
    (tmp_path / REMOVED / "gone").mkdir(parents=True)
    await blobs.clear_leftovers()
    assert not (tmp_path / UNFINISHED).exists()
    assert not (tmp_path / REMOVED).exists()
    assert await blobs.get("ann/1") == b"kept"
    await blobs.put("ann/2", b"goes on", "text/plain")


async def test_clearing_a_store_that_is_not_there_yet_is_nothing(tmp_path: Path) -> None:
    await FileBlobs(tmp_path / "none", b"s", ManualClock(), "").clear_leftovers()
    assert not (tmp_path / "none").exists()
