"""Files of golden sets: JSON Lines, JSON or YAML, told apart by what is in them."""

import json
from pathlib import PurePath

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.golden import Golden, golden_of, no_golden_set, read_golden
from lisa.http.evaluations.plain_yaml import document_of


def golden_of_file(content: bytes, name: str = "", file_name: str = "") -> Golden:
    """Read one; `name` counts before the file's own, that before what the file is called.

    Raises `Invalid` with the line or the question that is wrong.
    """
    text, given = _text_of(content), name.strip()
    golden = _read(text, given or PurePath(file_name).stem[:100])
    return golden.model_copy(update={"name": given}) if given else golden


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Invalid(
            f"line {line} is no text in UTF-8", next_step="save it as UTF-8", code="no_golden_set"
        ) from error


def _read(text: str, name: str) -> Golden:
    if _is_json(text) or _is_json(text.lstrip().partition("\n")[0]):
        return read_golden(text, name)
    golden = golden_of(document_of(text), name)
    if golden is None:
        raise no_golden_set("there are no questions in it")
    return golden


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
