"""Small files of weights, written as the formats say."""

import json
import struct
from pathlib import Path
from typing import Any

TENSORS = {
    "embed": {"dtype": "BF16", "shape": [10, 4], "data_offsets": [0, 80]},
    "norm": {"dtype": "F32", "shape": [4], "data_offsets": [80, 96]},
}
LLAMA = {
    "general.architecture": "llama",
    "llama.context_length": 8192,
    "llama.attention.head_count": 8,
    "tokenizer.chat_template": "{% for m in messages %}{{ tools }}{% endfor %}",
    "tokenizer.ggml.tokens": ["<s>", "a", "b"],
}


def safetensors(
    header: Any = None, *, data: bytes | None = None, length: int | None = None
) -> bytes:
    """Write a file; `length` is what it says of its header, whatever that is."""
    told = json.dumps({"__metadata__": {"format": "pt"}, **TENSORS} if header is None else header)
    raw = told.encode()
    start = (len(raw) if length is None else length).to_bytes(8, "little")
    return start + raw + (bytes(96) if data is None else data)


def gguf(
    metadata: dict[str, Any] | None = None, *, shape: tuple[int, ...] = (32, 2), data: int = 68
) -> bytes:
    """Write a file with one tensor of the kind Q8_0."""
    entries = LLAMA if metadata is None else metadata
    written = b"GGUF" + struct.pack("<IQQ", 3, 1, len(entries))
    written += b"".join(_text(key) + _value(value) for key, value in entries.items())
    written += _text("blk.0.weight") + struct.pack("<I", len(shape))
    written += struct.pack(f"<{len(shape)}Q", *shape) + struct.pack("<IQ", 8, 0)
    return written + bytes(-len(written) % 32) + bytes(data)


def folder_of(path: Path, files: dict[str, Any]) -> Path:
    """Write a folder; what isn't bytes becomes JSON."""
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def _text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if isinstance(value, list):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(_text(each) for each in value)
    return struct.pack("<II", 4, value)
