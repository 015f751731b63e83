"""A tool server: a place that speaks the Model Context Protocol, and who may use it."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from lisa.domain.frozen import Frozen
from lisa.domain.model import KeyReference, Text

ServerId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:\-]{0,127}$")
]
HeaderName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$")
]
HeaderValue: TypeAlias = Annotated[
    str, StringConstraints(max_length=4096, pattern=r"^[\t\x20-\x7e]*$")
]


class ToolServer(Frozen):
    """One server as we keep it.

    It is private to its owner unless shared with `groups` (`lisa:public` is everybody). `headers`
    hold no secret: those lie where `credentials` says, by header. A `stdio` server is a `command`
    on the machine of the local profile, and only an administrator can have one.
    """

    id: ServerId
    owner: str
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    description: Annotated[str, StringConstraints(max_length=2000)] = ""
    transport: Literal["http", "sse", "stdio"] = "http"
    url: Annotated[str, StringConstraints(max_length=2048)] = ""
    command: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    headers: Annotated[dict[HeaderName, HeaderValue], Field(max_length=32)] = Field(
        default_factory=dict
    )
    credentials: Annotated[dict[HeaderName, KeyReference], Field(max_length=8)] = Field(
        default_factory=dict
    )
    groups: frozenset[Text] = frozenset()
    active: bool = True
    by_admin: bool = False  # an administrator vouches for its address, which may be a private one
    created: datetime
    changed: datetime
    version: int = 1


class ToolChoices(Frozen):
    """What one person made of a server: whether it's on, which tools are off or need no asking."""

    enabled: bool = False
    disabled_tools: frozenset[str] = frozenset()
    approved_tools: frozenset[str] = frozenset()
