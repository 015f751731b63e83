"""Starts a program that must not outlive this process, then waits to be killed."""

import sys
import time

from local.tether import start_tethered

if __name__ == "__main__":
    by_pipe = sys.argv[1] == "by-pipe"
    with open("/dev/null", "wb") as nothing:  # noqa: PTH123 - a device
        process = start_tethered(["/bin/sleep", "600"], output=nothing, by_pipe=by_pipe)
    print(process.pid, flush=True)  # noqa: T201 - the test reads it
    time.sleep(600)
