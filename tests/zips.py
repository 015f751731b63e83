"""Zips of exports, whole and hostile."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

SAID = {"id": "i1", "role": "user", "parts": [{"type": "input_text", "text": "Hi"}]}
EXPORT: Mapping[str, Any] = {"format": "lisa.session/1", "session": {"name": "n"}, "items": [SAID]}


def zipped(
    members: Mapping[str, bytes | str], how: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    """Pack these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        archive.comment = comment
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def export_of(items: list[dict[str, Any]], files: Mapping[str, bytes] | None = None) -> bytes:
    """Pack an export as LISA does."""
    text = json.dumps({**EXPORT, "items": items})
    return zipped({**(files or {}), "session.json": text, "session.md": "# n"})
