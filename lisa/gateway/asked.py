"""A request beside calls of models: its caller, its names, its parameters, its body."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args
from urllib.parse import parse_qs

from pydantic_core import from_json

from lisa.domain.errors import Invalid
from lisa.domain.identity import Principal
from lisa.domain.turns.request import Includable
from lisa.domain.turns.shapes import Wire
from lisa.gateway.asgi import Scope
from lisa.gateway.asking import LONG
from lisa.gateway.bodies import Incoming
from lisa.gateway.json_body import read_json

MOST_ON_A_PAGE: Final = 100
USUAL_PAGE: Final = 20
INCLUDABLE: Final[tuple[str, ...]] = get_args(Includable)
YES: Final = frozenset({"true", "1", "True"})


@dataclass(frozen=True)
class PageWanted:
    """A stretch of a list: so many behind that item, newest first unless said otherwise."""

    limit: int
    after: str
    newest_first: bool
    before: str = ""

    def cut(self, items: Sequence[Wire]) -> tuple[list[Wire], bool]:
        """Return the stretch of items that are given in order, and whether there are more.

        With `before` alone it is the stretch that ends there.
        """
        ordered = list(reversed(items)) if self.newest_first else list(items)
        ids = [item["id"] for item in ordered]
        start = ids.index(self.after) + 1 if self.after in ids else 0
        end = ids.index(self.before) if self.before in ids else len(ids)
        if self.before in ids and self.after not in ids:
            return ordered[max(0, end - self.limit) : end], end > self.limit
        return ordered[start:end][: self.limit], end > start + self.limit


@dataclass(frozen=True)
class Asked:
    """What was asked; `name` and `item` are those in the path."""

    caller: Principal
    scope: Scope
    incoming: Incoming
    largest_body: int
    name: str = ""
    item: str = ""

    async def body(self) -> dict[str, Any]:
        """Return the JSON object that was sent; nothing counts as an empty one."""
        sent = await self.incoming.whole(self.largest_body)
        try:
            says = from_json(sent, allow_inf_nan=False) if sent.strip() else {}
        except ValueError as error:
            raise Invalid(f"the body is not JSON: {error}", code="malformed_json") from error
        if not isinstance(says, dict):
            raise Invalid("the body has to be a JSON object", code="malformed_json")
        return says

    async def model_request(self) -> dict[str, Any]:
        """Return the JSON object that was sent, which names a model; a long one is read beside."""
        sent = await self.incoming.whole(self.largest_body)
        if len(sent) < LONG:
            return read_json(sent).says
        return (await asyncio.to_thread(read_json, sent)).says

    def flag(self, name: str) -> bool:
        """Tell whether a parameter says yes."""
        return self._parameters.get(name) in YES

    def refuse_unknown_includes(self) -> None:
        """Refuse a wish for what OpenAI doesn't know; what we have of the rest is told anyway."""
        for name in (*self._listed("include"), *self._listed("include[]")):
            if name not in INCLUDABLE:
                raise Invalid(
                    f"include: {name[:80]!r} should be one of {', '.join(INCLUDABLE)}",
                    code="invalid_value",
                )

    def includes(self, name: str) -> bool:
        """Tell whether this is wished for, too."""
        return name in (*self._listed("include"), *self._listed("include[]"))

    def number(self, name: str, otherwise: int, *, least: int) -> int:
        """Return a parameter that is a whole number."""
        given = self._parameters.get(name)
        if given is None:
            return otherwise
        try:
            number = int(given)
        except ValueError as error:
            raise Invalid(f"{name}: should be a whole number", code="invalid_value") from error
        if number < least:
            raise Invalid(f"{name}: should be at least {least}", code="invalid_value")
        return number

    def word(self, name: str) -> str:
        """Return a parameter."""
        return self._parameters.get(name, "")

    def page(self, usual: int = USUAL_PAGE, most: int = MOST_ON_A_PAGE) -> PageWanted:
        """Return which stretch of a list is wanted."""
        order = self._parameters.get("order", "desc")
        if order not in {"asc", "desc"}:
            raise Invalid("order: should be asc or desc", code="invalid_value")
        limit = min(self.number("limit", usual, least=1), most)
        after, before = self.word("after"), self.word("before")
        return PageWanted(limit, after, order == "desc", before)

    def _listed(self, name: str) -> list[str]:
        return self._query.get(name, [])

    @property
    def _parameters(self) -> Mapping[str, str]:
        return {name: values[-1] for name, values in self._query.items()}

    @property
    def _query(self) -> dict[str, list[str]]:
        return parse_qs(self.scope.get("query_string", b"").decode("latin-1"))
