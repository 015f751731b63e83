"""Turns on their ports: what makes them, and the routes under which they are asked for."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Final

from lisa.bootstrap.chat_routes import session_services
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.contents import closing
from lisa.bootstrap.every_door import switches_of
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.knowledge_routes import knowledge_services
from lisa.bootstrap.stop_signal import StopSignal
from lisa.bootstrap.tool_routes import toolbox
from lisa.gateway.calls import Calls
from lisa.gateway.further import LeftOut, Routes, Table, Together
from lisa.gateway.knowledge.contents import Contents
from lisa.gateway.knowledge.files import OpenAiFiles
from lisa.gateway.knowledge.routes import KNOWLEDGE, knowledge_table
from lisa.gateway.knowledge.store_files import OpenAiStoreFiles
from lisa.gateway.knowledge.stores import OpenAiStores
from lisa.gateway.turns.completions import GatewayCompletions
from lisa.gateway.turns.conversations import Conversations
from lisa.gateway.turns.responses import Responses
from lisa.gateway.turns.routes import TURNS, turn_table
from lisa.http.services import KnowledgeServices, SessionServices
from lisa.ports.tool_servers import ToolServers
from lisa.usecases.configuration import Switches
from lisa.usecases.turns.attachments import Attachments
from lisa.usecases.turns.beginning import Beginning
from lisa.usecases.turns.engine import Turns
from lisa.usecases.turns.images import Images
from lisa.usecases.turns.leases import Leases
from lisa.usecases.turns.making import LONGEST_TURN, Making
from lisa.usecases.turns.rounds import Rounds
from lisa.usecases.turns.searches import Searches
from lisa.usecases.turns.searching import NoSearching, Searching
from lisa.usecases.turns.summaries import Summaries
from lisa.usecases.turns.titles import Titles
from lisa.usecases.turns.toolbox import Toolbox
from lisa.usecases.turns.watching import Watching
from lisa.usecases.turns.writing import LogWriter

AT_ONCE: Final = 8  # beginnings and ends; more would only wait for each other in the store
USUAL_DRAIN: Final = 5.0  # seconds that remain for turns once all callers have been served


@dataclass(frozen=True)
class TurnPorts:
    """What turns stand on beside the gateway's calls; without `chat` there are none."""

    content: ContentPorts
    servers: ToolServers
    stop: StopSignal = field(default_factory=lambda: StopSignal(USUAL_DRAIN, USUAL_DRAIN))
    knowledge: KnowledgePorts | None = None  # without it no files are kept and searched
    chat: bool = True
    longest_turn: float = LONGEST_TURN  # seconds


@dataclass(frozen=True)
class ServedTurns:
    """What runs turns of this process, if it has any, and where they and files are found.

    They are stopped before limits and meters, which they need until the last has ended.
    """

    keeping: tuple[Callable[[], Coroutine[None, None, None]], ...]
    routes: Together


def serve_turns(own: TurnPorts, calls: Calls, largest_body: int) -> ServedTurns:
    """Put turns and files together over the gateway's own calls."""
    switches = switches_of(own.content)
    knowledge = knowledge_services(own.content, own.knowledge) if own.knowledge else None
    parts: list[Routes | LeftOut] = [LeftOut(KNOWLEDGE, "knowledge")]
    if knowledge:
        parts = [Routes(_knowledge(knowledge, switches), largest_body)]
    if not own.chat:
        return ServedTurns((), Together([LeftOut(TURNS, "chat"), *parts]))
    services = session_services(own.content, switches)
    searching = Searching(knowledge.retrieval) if knowledge else NoSearching()
    turns = _turns(own, services, switches, GatewayCompletions(calls), searching)
    conversations = Conversations(services.sessions, services.removed, switches, own.content.ids)
    table = turn_table(Responses(turns), conversations)
    return ServedTurns((turns.keep,), Together([Routes(table, largest_body), *parts]))


def _knowledge(services: KnowledgeServices, switches: Switches) -> Table:
    contents = Contents(services.documents)
    stores = OpenAiStores(
        access=services.access,
        repositories=services.repositories,
        collections=services.collections,
        contents=contents,
        retrieval=services.retrieval,
    )
    within = OpenAiStoreFiles(services.access, contents)
    return knowledge_table(OpenAiFiles(services.files, switches), stores, within)


def _turns(
    own: TurnPorts,
    services: SessionServices,
    switches: Switches,
    completions: GatewayCompletions,
    searching: Searching | NoSearching,
) -> Turns:
    ports, sessions = own.content, services.sessions
    ending = closing(ports)
    line, writer = asyncio.Semaphore(AT_ONCE), LogWriter(ending.log, ports.clock)
    images, tools = Images(services.files), toolbox(ports, own.servers)
    rounds = _rounds(services, completions, tools, images, searching)
    beginning = Beginning(
        sessions=sessions,
        items=sessions.items,
        heads=ending.heads,
        attachments=Attachments(services.documents),
        completions=completions,
        toolbox=tools,
        searching=searching,
        switches=switches,
        clock=ports.clock,
        ids=ports.ids,
        line=line,
    )
    watching = Watching(ending.heads, ending.log, ending, ports.clock)
    making = Making(rounds, ending, watching, writer, Titles(sessions), completions, line)
    return Turns(
        completions=completions,
        beginning=beginning,
        making=replace(making, longest=own.longest_turn),
        closing=ending,
        watching=watching,
        leases=Leases(ending.heads, ports.clock, ports.ids.new("lease"), ending.close_expired),
        writer=writer,
        sessions=sessions,
        images=images,
        ids=ports.ids,
        seconds_left=own.stop.seconds_left,
    )


def _rounds(
    services: SessionServices,
    completions: GatewayCompletions,
    tools: Toolbox,
    images: Images,
    searching: Searching | NoSearching,
) -> Rounds:
    return Rounds(
        completions=completions,
        toolbox=tools,
        images=images,
        summaries=Summaries(services.documents),
        searches=Searches(searching, services.sessions.ids),
        sessions=services.sessions,
        ids=services.sessions.ids,
    )
