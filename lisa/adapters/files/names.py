"""Where a blob lies: its key as a path that means the same on every file system."""

from hashlib import sha256
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Final

from lisa.ports.blob_keys import accepted_blob_key

MAX_NAME_LENGTH: Final = 200
AS_THEY_ARE: Final = frozenset((ascii_lowercase + digits + "._-").encode())
# No segment's name contains this, so what has it never meets a folder.
MARK: Final = "@"


def folder_of(root: Path, path: str) -> Path:
    """Return the folder of everything below a path."""
    return root.joinpath(*map(_name, accepted_blob_key(path).split("/")))


def file_of(root: Path, key: str) -> Path:
    """Return the file of a blob; `a` and `a/b` can both be there."""
    folder = folder_of(root, key)
    return folder.with_name(folder.name + MARK)


def _name(segment: str) -> str:
    """Write capitals and all but plain characters as `%xx`: some file systems mix them up."""
    content = segment.encode()
    name = "".join(chr(byte) if byte in AS_THEY_ARE else f"%{byte:02x}" for byte in content)
    return name if len(name) <= MAX_NAME_LENGTH else f"%%{sha256(content).hexdigest()}"
