import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from local.running import is_running
from local.tether import LINUX_DOES_IT, let_go, start_tethered

WAYS = ["by-signal", "by-pipe"] if LINUX_DOES_IT else ["by-pipe"]


@pytest.mark.parametrize("way", WAYS)
def test_a_program_ends_with_its_killed_parent(way: str) -> None:
    command = [sys.executable, "-m", "tests.local.tethered_process", way]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        while not is_running(pid, with_argument="/bin/sleep"):
            time.sleep(0.01)  # it is still on its way to becoming the program
        parent.kill()
    while is_running(pid, with_argument="/bin/sleep"):
        time.sleep(0.01)


@pytest.mark.parametrize("way", WAYS)
def test_a_program_reads_nothing_and_its_end_is_seen(way: str, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("wb") as output:
        process = start_tethered(
            ["/bin/sh", "-c", "cat; echo over; exit 7"], output=output, by_pipe=way == "by-pipe"
        )
        assert process.wait(30) == 7
        let_go(process)
    assert said.read_text() == "over\n"


def test_a_thread_that_may_end_before_us_can_start_nothing(tmp_path: Path) -> None:
    refused = []

    def start() -> None:
        with (tmp_path / "said").open("wb") as output:
            try:
                start_tethered(["/bin/true"], output=output)
            except RuntimeError as error:
                refused.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(refused) == 1
