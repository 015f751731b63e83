"""The searches of files in a turn: before a model answers, or whenever it asks for one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import LisaError
from lisa.domain.model import Model
from lisa.domain.turns.events import ToolCall
from lisa.domain.turns.file_search import FILE_SEARCH, file_search_function
from lisa.domain.turns.found import CALL, MOST_QUERIES, passages_of
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire
from lisa.ports.ids import Ids
from lisa.usecases.turns.parts import Searching
from lisa.usecases.turns.work import Work

CALLS_FUNCTIONS: Final = "toolCalls"  # the feature of models that can


@dataclass(frozen=True)
class Searches:
    """Searches, and tells of it."""

    searching: Searching
    ids: Ids

    async def begin(self, work: Work) -> bool:
        """Let answers cite what was found; search by the question where the model isn't asked.

        Tell whether that was done. Without passages there is no answer: what fails, is raised.
        """
        if work.request.file_search is None:
            return False
        work.assembler.sources.add(passages_of(work.context), now=False)
        work.guarded.add(FILE_SEARCH)
        if not searches_first(work.request, work.model):
            return False
        question = _question_of(work.request.items)
        if question:
            await self._search(work, [question])
        return True

    def offered(self, work: Work) -> list[Wire]:
        """Return the function by which the model can search."""
        if work.request.file_search is None or not calls_functions(work.model):
            return []
        return [file_search_function()]

    def is_search(self, call: ToolCall, work: Work) -> bool:
        """Tell whether a call of the model's is one of these."""
        return call.chat_name == FILE_SEARCH and work.request.file_search is not None

    async def called(self, call: ToolCall, work: Work, *, allowed: bool) -> None:
        """Search as the model asks; what fails there, it is told."""
        queries = _queries_of(call.arguments)
        if not allowed or not queries:
            item = _item(self.ids.new("fs"), queries, "incomplete", None)
            work.tell(work.assembler.add_item(item))
            return
        try:
            await self._search(work, queries)
        except LisaError:
            return

    async def _search(self, work: Work, queries: Sequence[str]) -> None:
        tool, name = work.request.file_search, self.ids.new("fs")
        if tool is None:
            return
        work.tell(work.assembler.begin_search(name, queries))
        try:
            found = await self.searching.found(
                work.caller, tool, queries, work.model.context_window
            )
        except LisaError:
            work.tell(work.assembler.add_item(_item(name, queries, "failed", None)))
            raise
        sources, numbered = work.assembler.sources, []
        for passage in found:
            numbered.append({**passage, "number": sources.number_of(passage)})
            sources.add(numbered[-1:], now=True)
        work.tell(work.assembler.add_item(_item(name, queries, "completed", numbered)))


def calls_functions(model: Model) -> bool:
    """Tell whether a model is known to call functions."""
    return any(feature.name == CALLS_FUNCTIONS for feature in model.features)


def searches_first(request: TurnRequest, model: Model) -> bool:
    """Tell whether files are searched by the question itself: unasked, or as the caller wants."""
    choice = request.tool_choice
    if request.file_search is None or choice == "none":
        return False
    wanted = isinstance(choice, dict) and choice.get("type") == FILE_SEARCH
    return wanted or not calls_functions(model)


def _question_of(items: Sequence[Wire]) -> str:
    """Return what the user asked last in this turn."""
    asked = [item for item in items if item.get("role") == "user"]
    parts = asked[-1]["content"] if asked else ()
    return "\n".join(part["text"] for part in parts if part.get("text")).strip()


def _queries_of(arguments: str) -> list[str]:
    """Return what a model wants to search for; some write one query where a list should be."""
    try:
        says = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return []
    wanted = (says.get("queries") or says.get("query")) if isinstance(says, dict) else None
    listed = wanted if isinstance(wanted, list) else [wanted]
    queries = [each.strip() for each in listed if isinstance(each, str) and each.strip()]
    return list(dict.fromkeys(queries))[:MOST_QUERIES]


def _item(name: str, queries: Sequence[str], status: str, results: Sequence[Wire] | None) -> Wire:
    found = None if results is None else [*results]
    return {"id": name, "type": CALL, "queries": [*queries], "status": status, "results": found}
