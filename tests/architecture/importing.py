"""Imports modules in a process of their own, which may touch nothing."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.checkout import ROOT, files, module_name

# Runs in a process of its own. The audit hook refuses to reach out, except to what jsii must start.
IMPORT_ALL = """
import importlib, sys, traceback
reaching_out = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto",
                "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.mkdir", "os.remove"}
allowed = set(sys.argv[1].split(","))
def refuse(event, arguments):
    if event in reaching_out - allowed:
        raise RuntimeError(f"{event} {arguments} while importing")
sys.addaudithook(refuse)
failed = 0
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except BaseException:
        failed = 1
        print(name, traceback.format_exc())
sys.stdout.flush()
sys.exit(failed)
"""


def import_all(
    modules: list[str],
    environment: dict[str, str],
    allowed: str = "",
    python: Path = Path(sys.executable),
) -> str:
    """Import modules in a fresh process; return what went wrong."""
    command = [str(python), "-B", "-c", IMPORT_ALL, allowed, *modules]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr if done.returncode else ""


def modules_below(folder: str) -> list[str]:
    return [module_name(file) for file in files(folder, suffix=".py")]
