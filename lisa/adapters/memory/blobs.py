"""Content in this process's memory: gone when it ends, its links lead nowhere. For tests."""

from lisa.ports.blob_keys import accepted_blob_key, accepted_blob_prefix, accepted_content_type


class MemoryBlobs:
    """Keeps content."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._content: dict[str, bytes] = {}

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store the content; nobody reads its type here."""
        accepted_content_type(content_type)
        self._content[accepted_blob_key(key)] = content

    async def get(self, key: str) -> bytes | None:
        """Return the content, or nothing."""
        return self._content.get(accepted_blob_key(key))

    async def delete_under(self, prefix: str) -> None:
        """Remove everything whose key begins with this prefix, which ends in `/`."""
        accepted_blob_prefix(prefix)
        for key in [key for key in self._content if key.startswith(prefix)]:
            del self._content[key]

    async def read_link(self, key: str, seconds: int) -> str:
        """Return a URL that names the content, and for how long."""
        return f"memory:{accepted_blob_key(key)}?seconds={seconds}"

    async def write_link(self, key: str, content_type: str, size: int, seconds: int) -> str:
        """Return a URL that names what may be written."""
        content_type = accepted_content_type(content_type)
        return f"memory:{accepted_blob_key(key)}?type={content_type}&size={size}&seconds={seconds}"
