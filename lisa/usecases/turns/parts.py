"""What turns are made with: each part may be missing where a profile lacks it."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol

from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.session import Session
from lisa.domain.tool_server import ToolServer
from lisa.domain.turns.file_search import FileSearchTool
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.tools import McpTool
from lisa.ports.completions import Chunks, Completions
from lisa.ports.tool_servers import ToolResult


class ServerOfTurn(Protocol):
    """One of a turn's servers."""

    server: ToolServer


class OpenTools(Protocol):
    """The tools of one turn."""

    listed: list[Any]
    chat_tools: list[Any]

    @property
    def by_label(self) -> Mapping[str, "ServerOfTurn"]:
        """The servers."""

    @property
    def names(self) -> Mapping[str, tuple[str, str]]:
        """Which server's tool a chat name means."""

    def needs_approval(self, label: str, tool: str) -> bool:
        """Tell whether somebody must agree to a call first."""

    async def call(self, label: str, tool: str, arguments_json: str, because: str) -> ToolResult:
        """Call one; never raises for a tool's own failure."""

    async def approve(self, label: str, tool: str, how_long: Literal["always"]) -> None:
        """Save that the caller need not be asked again."""


class Toolbox(Protocol):
    """Opens the tools that a request names."""

    async def check(self, caller: Principal, tools: Sequence[McpTool]) -> None:
        """Raise `Invalid` for servers that the caller may not use; nothing is connected."""

    def open(
        self, caller: Principal, tools: Sequence[McpTool], approved_in_session: Collection[str]
    ) -> AbstractAsyncContextManager[OpenTools]:
        """List the tools; what is connected on the way is hung up at the end."""


class Searching(Protocol):
    """Searches files."""

    async def check(self, caller: Principal, tool: FileSearchTool) -> None:
        """Raise for stores that the caller may not use."""

    async def found(
        self, caller: Principal, tool: FileSearchTool, queries: Sequence[str], window: int | None
    ) -> list[Wire]:
        """Return the passages that fit these queries, best first."""


class Attachments(Protocol):
    """Puts files of a session in place of their names."""

    async def inlined(self, session: Session, context: Sequence[Wire], model: Model) -> list[Wire]:
        """Return the items with texts and data URLs."""


class Images(Protocol):
    """Has images made and keeps them."""

    def made(
        self,
        caller: Principal,
        session: Session,
        turn_id: str,
        request: TurnRequest,
        context: Sequence[Wire],
        completions: Completions,
    ) -> AsyncIterator[Wire]:
        """Yield whole items."""

    async def with_results(self, session: Session, items: Sequence[Wire]) -> list[Wire]:
        """Return the items with each image's content."""


class Summaries(Protocol):
    """Summarises files of a session."""

    def told(
        self,
        caller: Principal,
        session: Session,
        turn_id: str,
        request: TurnRequest,
        completions: Completions,
        model: Model,
    ) -> Chunks:
        """Return an answer as a model would give it."""


class Titles(Protocol):
    """Names sessions."""

    async def name(
        self,
        caller: Principal,
        session_id: str,
        model: Model,
        items: Sequence[Wire],
        completions: Completions,
    ) -> None:
        """Name the session by its first items, if it has no name."""
