"""Which keys and content types every blob store accepts."""

from typing import Final

from lisa.domain.errors import Invalid

MAX_SEGMENT_BYTES: Final = 200
MAX_KEY_BYTES: Final = 1000
MAX_TYPE_LENGTH: Final = 255
FIRST_PRINTABLE: Final = " "
DELETE: Final = "\x7f"


def accepted_blob_key(key: str) -> str:
    """Return the key if it is a plain path."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError as error:
        raise _wrong_key() from error
    if size > MAX_KEY_BYTES or not all(_is_plain(segment) for segment in key.split("/")):
        raise _wrong_key()
    return key


def accepted_blob_prefix(prefix: str) -> str:
    """Return the prefix if it is a plain path that ends in `/`."""
    if not prefix.endswith("/"):
        raise _wrong_key()
    return accepted_blob_key(prefix.removesuffix("/")) + "/"


def accepted_content_type(content_type: str) -> str:
    """Return the content type if it can stand in a header."""
    fits = 0 < len(content_type) <= MAX_TYPE_LENGTH
    if not fits or not (content_type.isascii() and content_type.isprintable()):
        raise Invalid(f"a content type has 1 to {MAX_TYPE_LENGTH} printable ASCII characters")
    return content_type


def _is_plain(segment: str) -> bool:
    return (
        segment not in {"", ".", ".."}
        and len(segment.encode()) <= MAX_SEGMENT_BYTES
        and not any(each < FIRST_PRINTABLE or each in {"\\", DELETE} for each in segment)
    )


def _wrong_key() -> Invalid:
    return Invalid(
        f"a blob's key is a path of segments of 1 to {MAX_SEGMENT_BYTES} printable bytes, "
        f"at most {MAX_KEY_BYTES} in all"
    )
