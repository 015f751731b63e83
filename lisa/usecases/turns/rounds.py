"""The rounds of a turn: ask the model, call the tools it wants, tell it what they said, again."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from lisa.domain.model import ModelType
from lisa.domain.turns.events import ToolCall
from lisa.domain.turns.prompting import chat_body, chat_messages
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.truncation import without_the_oldest
from lisa.ports.completions import Chunks, Completions
from lisa.ports.ids import Ids
from lisa.ports.tool_servers import ToolResult
from lisa.usecases.sessions import Sessions
from lisa.usecases.turns.parts import Images, OpenTools, ServerOfTurn, Summaries, Toolbox
from lisa.usecases.turns.searches import Searches, calls_functions
from lisa.usecases.turns.work import Work

MOST_ROUNDS: Final = 20
AFTER_ALL_ROUNDS: Final = "max_tool_calls"
APPROVAL_REQUEST: Final = "mcp_approval_request"


@dataclass(frozen=True)
class Rounds:
    """Works on turns."""

    completions: Completions
    toolbox: Toolbox
    images: Images
    summaries: Summaries
    searches: Searches
    sessions: Sessions
    ids: Ids

    async def run(self, work: Work) -> None:
        """Do what the request asks for."""
        if work.model.type is ModelType.IMAGE:
            await self._make_images(work)
        elif work.request.lisa.summarise:
            told = self.summaries.told(
                work.caller,
                work.session,
                work.live.turn.id,
                work.request,
                self.completions,
                work.model,
            )
            await _pass_on(told, work)
            work.spend(told.spent)
        else:
            await self._talk(work)

    async def _make_images(self, work: Work) -> None:
        made = self.images.made(
            work.caller,
            work.session,
            work.live.turn.id,
            work.request,
            work.context,
            self.completions,
        )
        async for item in made:
            work.tell(work.assembler.add_item(item))

    async def _talk(self, work: Work) -> None:
        _answered(work)  # what makes no sense is refused before anything happens
        opening = self.toolbox.open(work.caller, work.request.mcp_tools, work.approvals)
        async with opening as tools:
            work.names.update(tools.names)
            guarded = (n for n, place in tools.names.items() if tools.needs_approval(*place))
            work.guarded.update(guarded)
            for listing in tools.listed:
                if not _is_known(listing, work):
                    work.tell(work.assembler.add_item(listing))
            await self._do_what_was_approved(work, tools)
            searched = await self.searches.begin(work)
            for number in range(MOST_ROUNDS):
                await self._ask(work, tools, again=searched or number > 0)
                if not await self._act(work, tools):
                    return
            work.cut_short = AFTER_ALL_ROUNDS

    async def _ask(self, work: Work, tools: OpenTools, *, again: bool) -> None:
        knows = work.request.file_search is None or calls_functions(work.model)
        messages = chat_messages(
            work.request.instructions, _told(work), work.names, knows_calls=knows
        )
        functions = (each.chat() for each in work.request.function_tools)
        offered = [*functions, *tools.chat_tools, *self.searches.offered(work)]
        body = chat_body(work.request, messages, offered, work.names, again=again)
        async with self.completions.chat(work.caller, self.ids.new("call"), body) as chunks:
            await _pass_on(chunks, work)
        work.spend(chunks.spent)

    async def _act(self, work: Work, tools: OpenTools) -> bool:
        """Call the tools that the model asked for; tell whether it should go on then.

        It goes on, too, where it made up a tool: it is told then that there is no result.
        """
        calls = work.assembler.tool_calls
        ours = [call for call in calls if call.server_label is not None]
        asking = [call for call in ours if call.chat_name in work.guarded]
        free = [call for call in ours if call.chat_name not in work.guarded]
        for call in asking:
            work.tell(work.assembler.add_item(_request_of(call)))
        searches = [call for call in calls if self.searches.is_search(call, work)]
        await asyncio.gather(
            *(self._call(call, work, tools) for call in free),
            *(self._search(call, work) for call in searches),
        )
        known = {tool.name for tool in work.request.function_tools}
        answered = [*ours, *searches]
        nobodys = [call for call in calls if call not in answered and call.chat_name not in known]
        return bool(calls) and len(free) + len(searches) + len(nobodys) == len(calls)

    async def _search(self, call: ToolCall, work: Work) -> None:
        await self.searches.called(call, work, allowed=_counted(work))

    async def _call(self, call: ToolCall, work: Work, tools: OpenTools) -> None:
        place = (str(call.server_label), call.tool)
        result = await self._result(place, call.arguments, "no approval needed", work, tools)
        work.tell(work.assembler.add_item(_result_of(call.item_id, place, call.arguments, result)))

    async def _result(
        self,
        place: tuple[str, str],
        arguments: str,
        because: str,
        work: Work,
        tools: OpenTools,
    ) -> ToolResult:
        if not _counted(work):
            return ToolResult("no more tools may be called in this turn", is_error=True)
        return await tools.call(*place, arguments, because)

    async def _do_what_was_approved(self, work: Work, tools: OpenTools) -> None:
        """Make the calls to which the input says yes, each of them once."""
        done = {each.get("approval_request_id") for each in _of_type("mcp_call", work.context)}
        for request, yes in _answered(work):
            if yes and request["id"] not in done:
                await self._approved(request, work, tools)

    async def _approved(self, request: Wire, work: Work, tools: OpenTools) -> None:
        place = (str(request["server_label"]), str(request["name"]))
        lasting = work.request.lisa.approval
        if lasting == "always":
            await tools.approve(*place, "always")
        elif lasting == "session":
            await self._approve_in_session(tools.by_label[place[0]], place[1], work)
        if lasting != "once":
            work.guarded -= {name for name, its in work.names.items() if its == place}
        arguments = str(request["arguments"])
        result = await self._result(place, arguments, f"approved, {lasting}", work, tools)
        item_id = self.ids.new("mcp")
        made = _result_of(item_id, place, arguments, result)
        work.tell(work.assembler.add_item({**made, "approval_request_id": request["id"]}))

    async def _approve_in_session(self, one: ServerOfTurn, tool: str, work: Work) -> None:
        if not work.live.turn.stored:
            return
        session = await self.sessions.get(work.caller, work.session.id)
        approvals: list[JsonValue] = [*{*work.approvals, f"{one.server.id}.{tool}"}]
        configured = {**session.configuration, "approvals": approvals}
        await self.sessions.change(work.caller, session.id, configuration=configured)


def _counted(work: Work) -> bool:
    """Count a call; tell whether the request allows so many."""
    work.calls_made += 1
    most = work.request.max_tool_calls
    return most is None or work.calls_made <= most


def _told(work: Work) -> list[Wire]:
    """Return the conversation so far, as much as the request wants told."""
    context = [*work.context, *work.assembler.output]
    window = work.model.context_window
    if work.request.truncation != "auto" or not window:
        return context
    return without_the_oldest(context, window, work.request.max_output_tokens)


async def _pass_on(chunks: Chunks, work: Work) -> None:
    """Let everybody see a model's answer as it comes."""
    async for chunk in chunks:
        work.tell(work.assembler.take(chunk))
    work.tell(work.assembler.finish_call())


def _answered(work: Work) -> list[tuple[Wire, bool]]:
    """Return the approval requests that the input answers, and how."""
    asked = {each["id"]: each for each in _of_type(APPROVAL_REQUEST, work.context)}
    answers = _of_type("mcp_approval_response", work.request.items)
    return [(asked[each["approval_request_id"]], bool(each["approve"])) for each in answers]


def _of_type(kind: str, items: Iterable[Wire]) -> list[Wire]:
    return [item for item in items if item["type"] == kind]


def _is_known(listing: Mapping[str, object], work: Work) -> bool:
    """Tell whether the conversation has the same list of tools already."""
    own = ("server_label", "tools", "error")
    lists = _of_type(str(listing["type"]), work.context)
    return any(all(each.get(name) == listing[name] for name in own) for each in lists)


def _request_of(call: ToolCall) -> Wire:
    return {
        "id": call.item_id,
        "type": APPROVAL_REQUEST,
        "server_label": call.server_label,
        "name": call.tool,
        "arguments": call.arguments,
    }


def _result_of(item_id: str, place: tuple[str, str], arguments: str, result: ToolResult) -> Wire:
    failed = [{"type": "text", "text": result.text}]
    return {
        "id": item_id,
        "type": "mcp_call",
        "status": "failed" if result.is_error else "completed",
        "server_label": place[0],
        "name": place[1],
        "arguments": arguments,
        "approval_request_id": None,
        "output": None if result.is_error else result.text,
        "error": {"type": "mcp_tool_execution_error", "content": failed}
        if result.is_error
        else None,
    }
