"""The GPUs of this machine, as its driver tells of them."""

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from typing import Final

SECONDS: Final = 20  # a driver that isn't kept loaded takes its time


async def gpus_here(environ: Mapping[str, str]) -> Sequence[str]:
    """Return the GPUs, or those of them that LISA itself was given."""
    given = environ.get("CUDA_VISIBLE_DEVICES")
    if given is not None:
        return [each.strip() for each in given.split(",") if each.strip()]
    program = shutil.which("nvidia-smi", path=environ.get("PATH"))
    return await _told_by(program) if program else []


async def _told_by(program: str) -> Sequence[str]:
    asked = ("--query-gpu=uuid", "--format=csv,noheader")
    process = await asyncio.create_subprocess_exec(
        program, *asked, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return []
    return said.decode().split() if process.returncode == 0 else []
