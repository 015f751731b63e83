"""The shapes of tool servers on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from lisa.domain.identity import Principal
from lisa.domain.model import Text
from lisa.domain.policy import Verb, decide
from lisa.domain.tool_server import HeaderName, HeaderValue, ToolChoices
from lisa.ports.tool_servers import Tool
from lisa.usecases.tool_server_access import as_thing
from lisa.usecases.tool_server_rules import MOST_GROUPS
from lisa.usecases.tool_servers import Shown, Tried, Wanted

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=8192, pattern=r"^[ -~]+$")]
Credentials = Annotated[dict[HeaderName, Secret | None], Field(max_length=8)]
ToolNames = Annotated[frozenset[Text], Field(max_length=256)]


class ToolServerIn(BaseModel):
    """A tool server as it shall be; without groups it is for yourself, `lisa:public` is everybody.

    A credential is the value of a header, such as `Bearer ...` of `Authorization`. It is given once
    and never shown; those not named stay, `null` removes one.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Annotated[str, Field(max_length=2000)] = ""
    transport: Literal["http", "sse", "stdio"] = "http"
    url: Annotated[str, Field(max_length=2048)] = ""
    command: Annotated[list[Text], Field(max_length=64)] = Field(default_factory=list)
    headers: Annotated[dict[HeaderName, HeaderValue], Field(max_length=32)] = Field(
        default_factory=dict
    )
    credentials: Credentials = Field(default_factory=dict)
    groups: Annotated[frozenset[Text], Field(max_length=MOST_GROUPS)] = frozenset()
    active: bool = True

    def wanted(self, version: int | None = None) -> Wanted:
        """Return what the use case is asked."""
        fields = self.model_dump(exclude={"credentials", "version"})
        given = {name: value for name, value in self.credentials.items() if value is not None}
        return Wanted(fields, given, frozenset(self.credentials.keys() - given.keys()), version)


class ToolServerChange(ToolServerIn):
    """The whole server as it shall be; with `version`, only if it is still at that one."""

    version: Annotated[int, Field(ge=1)] | None = None


class ChoicesIn(BaseModel):
    """What you make of a server: whether it is on, which tools are off or need no asking."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = False
    disabled_tools: ToolNames = frozenset()
    approved_tools: ToolNames = frozenset()

    def choices(self) -> ToolChoices:
        """Return them."""
        return ToolChoices.model_validate(self.model_dump())


class ChoicesOut(BaseModel):
    """What you made of a server."""

    enabled: bool
    disabled_tools: list[str]
    approved_tools: list[str]


class ToolServerOut(BaseModel):
    """A tool server; its command, headers and names of credentials are for who may change it."""

    id: str
    owner: str
    is_owner: bool
    may_change: bool
    may_share: bool
    name: str
    description: str
    transport: Literal["http", "sse", "stdio"]
    url: str
    command: Sequence[str]
    headers: dict[str, str]
    credentials: list[str]
    groups: list[str]
    active: bool
    by_admin: bool
    created: datetime
    changed: datetime
    version: int
    choices: ChoicesOut

    @classmethod
    def of(cls, shown: Shown, viewer: Principal) -> "ToolServerOut":
        """Show a server to this caller."""
        server, thing = shown.server, as_thing(shown.server)
        keeps = decide(viewer, Verb.CHANGE, thing).allowed
        own: dict[str, Any] = server.model_dump(include={*cls.model_fields})
        hidden: dict[str, Any] = {} if keeps else {"command": (), "headers": {}}
        return cls.model_validate(
            own
            | hidden
            | {
                "is_owner": server.owner == viewer.subject,
                "may_change": keeps,
                "may_share": decide(viewer, Verb.SHARE, thing).allowed,
                "credentials": sorted(server.credentials) if keeps else [],
                "groups": sorted(server.groups),
                "choices": ChoicesOut(
                    enabled=shown.choices.enabled,
                    disabled_tools=sorted(shown.choices.disabled_tools),
                    approved_tools=sorted(shown.choices.approved_tools),
                ),
            }
        )


class ToolServerPage(BaseModel):
    """Tool servers: your own, then those of your groups; a page may be short."""

    items: list[ToolServerOut]
    next_cursor: str


class ToolOut(BaseModel):
    """A tool as its server describes it."""

    name: str
    description: str
    input_schema: dict[str, JsonValue]
    annotations: dict[str, JsonValue]


class ToolsOut(BaseModel):
    """The tools of a server."""

    tools: list[ToolOut]

    @staticmethod
    def listed(tools: Sequence[Tool]) -> list[ToolOut]:
        """Show tools."""
        return [ToolOut.model_validate(tool, from_attributes=True) for tool in tools]


class TriedOut(ToolsOut):
    """What came of connecting to a server, and how long that took."""

    ms: int

    @classmethod
    def of(cls, tried: Tried) -> "TriedOut":
        """Show the result."""
        return cls(tools=cls.listed(tried.tools), ms=tried.ms)
