"""Which paths turns have: one table of methods, paths and who answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote

from lisa.domain.errors import Invalid, NotFound
from lisa.domain.identity import Principal
from lisa.gateway.asgi import Scope
from lisa.gateway.bodies import Incoming
from lisa.gateway.reply import Reply
from lisa.gateway.surface import OPENAI_PREFIXES
from lisa.gateway.turns.asked import Asked
from lisa.gateway.turns.conversations import Conversations
from lisa.gateway.turns.responses import Responses

Handler: TypeAlias = Callable[[Asked, Reply], Awaitable[None]]
Steps: TypeAlias = tuple[str, ...]
NOUNS: Final = frozenset({"responses", "conversations"})
NAME: Final = "{name}"
ITEM: Final = "{item}"
LONGEST_NAME: Final = 256


@dataclass(frozen=True)
class TurnRoutes:
    """Answers everything about turns."""

    responses: Responses
    conversations: Conversations
    largest_body: int

    def noun(self, path: str) -> str:
        """Return what a path is about, if it is one of ours."""
        return next(iter(steps_of(path)), "")

    async def answers(
        self, caller: Principal, scope: Scope, incoming: Incoming, reply: Reply
    ) -> bool:
        """Answer, if the path is one of ours; tell whether it is."""
        steps = steps_of(scope["path"])
        if not steps:
            return False
        by_method, names = self._find(steps)
        if not by_method or any(map(_is_no_name, names.values())):
            raise NotFound(f"there is no {scope['path'][:200]}", code="unknown_url")
        handler = by_method.get(scope["method"])
        if handler is None:
            raise Invalid(f"this takes {' or '.join(by_method)}", code="wrong_method")
        asked = Asked(caller, scope, incoming, self.largest_body, **names)
        await handler(asked, reply)
        return True

    def _find(self, steps: Steps) -> tuple[dict[str, Handler], dict[str, str]]:
        """Return what may be done under a path, and the names that it holds."""
        for pattern, by_method in self._table().items():
            if len(pattern) == len(steps):
                pairs = list(zip(pattern, steps, strict=True))
                names = {want[1:-1]: have for want, have in pairs if want in {NAME, ITEM}}
                if all(want == have or want in {NAME, ITEM} for want, have in pairs):
                    return by_method, names
        return {}, {}

    def _table(self) -> dict[Steps, dict[str, Handler]]:
        one, many = self.responses, self.conversations
        return {
            ("responses",): {"POST": one.create},
            ("responses", NAME): {"GET": one.get, "DELETE": one.delete},
            ("responses", NAME, "cancel"): {"POST": one.cancel},
            ("responses", NAME, "input_items"): {"GET": one.input_items},
            ("conversations",): {"POST": many.create},
            ("conversations", NAME): {
                "GET": many.get,
                "POST": many.change,
                "DELETE": many.delete,
            },
            ("conversations", NAME, "items"): {"GET": many.items, "POST": many.add},
            ("conversations", NAME, "items", ITEM): {
                "GET": many.item,
                "DELETE": many.delete_item,
            },
        }


def _is_no_name(name: str) -> bool:
    return len(name) > LONGEST_NAME or "\0" in name


def steps_of(path: str) -> Steps:
    """Return the steps of a path below our prefixes; nothing where it is not about turns."""
    for prefix in sorted(OPENAI_PREFIXES, key=len, reverse=True):
        if path.startswith(f"{prefix}/"):
            steps = tuple(unquote(step) for step in path[len(prefix) + 1 :].split("/"))
            return steps if steps[0] in NOUNS else ()
    return ()
