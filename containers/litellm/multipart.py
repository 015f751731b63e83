"""Reads a form with files, as audio is sent."""

from email.message import Message
from typing import Any

from lisa.domain.errors import Invalid


def read_form(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the fields as texts, and files as (name, content, type); the last of a name counts."""
    boundary = _header("content-type", content_type).get_param("boundary")
    if not isinstance(boundary, str):
        raise Invalid("the form names no boundary")
    sections = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if len(sections) < 3 or not sections[-1].startswith(b"--"):  # noqa: PLR2004  # before, one part, after
        raise Invalid("the form is cut off")
    return dict(_part(section) for section in sections[1:-1])


def _part(section: bytes) -> tuple[str, Any]:
    head, found, content = section.partition(b"\r\n\r\n")
    if not found:
        raise Invalid("a part of the form has no content")
    lines = (line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n"))
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    said = _header("content-disposition", headers.get("content-disposition", ""))
    name = said.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        raise Invalid("a part of the form has no name")
    file_name = said.get_filename()
    if file_name is None:
        return name, content.decode("utf-8", "replace")
    return name, (file_name, content, headers.get("content-type", "application/octet-stream"))


def _header(name: str, value: str) -> Message:
    message = Message()
    message[name] = value.replace("\r", "").replace("\n", "")
    return message
