"""Why a file can't be read, in the words that its owner is told."""

from lisa.domain.errors import Invalid, TooLarge


def encrypted() -> Invalid:
    """Say that only a password opens it."""
    return Invalid(
        "this file is protected by a password",
        next_step="save a copy without the password and send that",
        code="file_encrypted",
    )


def broken() -> Invalid:
    """Say that it isn't what it claims to be, or only a part of it."""
    return Invalid(
        "this file is damaged or incomplete",
        next_step="open it in the program it comes from, save it anew and send that",
        code="file_broken",
    )


def unknown_type(what: str, readable: str) -> Invalid:
    """Say that nothing here reads such files, and what can be sent instead."""
    return Invalid(
        f"this file is {what}, which can't be read as text",
        next_step=f"send {readable}",
        code="file_type_unknown",
    )


def empty() -> Invalid:
    """Say that there is nothing in it."""
    return Invalid("this file is empty", next_step="send another one", code="file_empty")


def without_text() -> Invalid:
    """Say that it has pages, but no words."""
    return Invalid(
        "this file has no text in it; it may be a scan",
        next_step="send it with recognised text, or its pages as images",
        code="file_without_text",
    )


def too_complex(why: str) -> Invalid:
    """Say that reading it would take more than anybody gets."""
    return Invalid(
        f"this file {why}",
        next_step="send a smaller or simpler one, or in parts",
        code="file_too_complex",
    )


def too_slow(seconds: int) -> Invalid:
    """Say that it would take longer than anybody gets."""
    return too_complex(f"takes longer than {seconds} s to read")


def too_large(size: int, most: int, what: str = "") -> TooLarge:
    """Say how much is too much, and of `what`."""
    return TooLarge(
        f"the file has {size / 1024 / 1024:.1f} MB; {most // 1024 // 1024} MB are read{what}",
        next_step="send a smaller one, or in parts",
        code="file_too_large",
    )
