"""Which variables of an engine's environment an administrator may set."""

import re
from collections.abc import Mapping
from typing import Final

from lisa.declared.engine_options import refusals
from lisa.declared.engine_options.engine import Engine
from lisa.domain.errors import Invalid
from lisa.domain.model import REFERENCE_PATTERN

REFERENCE: Final = re.compile(REFERENCE_PATTERN)
SECRET_WORDS: Final = frozenset({"TOKEN", "SECRET", "PASSWORD", "KEY", "CREDENTIALS"})
MARKS: Final = "LISA finds its own processes by them"
MACHINE: Final = "the machine and its account belong to the host"
SEALED: Final[Mapping[str, str]] = {
    "LD_": refusals.CODE,
    "PYTHON": refusals.CODE,
    "BASH_ENV": refusals.CODE,
    "ENV": refusals.CODE,
    "NODE_OPTIONS": refusals.CODE,
    "LISA_": MARKS,
    "AWS_": MACHINE,
    "ECS_": MACHINE,
    "CUDA_VISIBLE_DEVICES": MACHINE,
    "NVIDIA_VISIBLE_DEVICES": MACHINE,
    "NVIDIA_DRIVER_CAPABILITIES": MACHINE,
    "PATH": MACHINE,
    "HOME": MACHINE,
    "TMPDIR": MACHINE,
}
WHOLE_NAMES: Final = frozenset({"ENV", "PATH", "HOME"})


def refuse_environment(engine: Engine, given: Mapping[str, str]) -> None:
    """Raise `Invalid` for what would get around the typed options, or show a secret."""
    for name, value in given.items():
        reason = _reason(engine, name.upper())
        if reason:
            raise Invalid(
                f"the variable {name} isn't taken: {reason}",
                next_step="leave it out",
                code="variable_refused",
            )
        if _is_secret(name) and not REFERENCE.match(value):
            raise Invalid(
                f"the variable {name} would keep a secret in the model's record",
                next_step="say where it lies, as secret:NAME or parameter:NAME",
                code="variable_refused",
            )


def plain(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables whose values are what they seem."""
    return {name: value for name, value in given.items() if not _is_secret(name)}


def secret(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables whose values say where a secret lies."""
    return {name: value for name, value in given.items() if _is_secret(name)}


def _reason(engine: Engine, name: str) -> str:
    """Return why a variable isn't taken; empty where it is."""
    if name.endswith("TRUST_REMOTE_CODE"):
        return refusals.REMOTE_CODE
    for begins, reason in SEALED.items():
        if name == begins or (begins not in WHOLE_NAMES and name.startswith(begins)):
            return reason
    if name in engine.variables:
        return ""
    if name.startswith(engine.sealed):
        return f"{engine.name.value} is told such things by its options"
    flag = name.lower()
    if engine.reads_capitals and flag in engine.options.model_fields:
        return f"give it as the option {flag}"
    return engine.refused.get(flag, "") if engine.reads_capitals else ""


def _is_secret(name: str) -> bool:
    return not SECRET_WORDS.isdisjoint(name.upper().split("_"))
