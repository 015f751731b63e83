"""What the gateway answers beside calls of models: one table of paths, methods and who answers."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote

from lisa.domain.errors import Invalid, NotFound
from lisa.domain.identity import Principal
from lisa.gateway.asgi import Scope
from lisa.gateway.asked import Asked
from lisa.gateway.bodies import Incoming
from lisa.gateway.reply import Reply
from lisa.gateway.surface import OPENAI_PREFIXES

Handler: TypeAlias = Callable[[Asked, Reply], Awaitable[None]]
Steps: TypeAlias = tuple[str, ...]
Table: TypeAlias = Mapping[Steps, Mapping[str, Handler]]
NAME: Final = "{name}"
ITEM: Final = "{item}"
LONGEST_NAME: Final = 256


@dataclass(frozen=True)
class Routes:
    """Answers what the table has; the first step of a path says what it is about."""

    table: Table
    largest_body: int

    def noun(self, path: str) -> str:
        """Return what a path is about, if it is one of ours."""
        return next(iter(self._steps_of(path)), "")

    async def answers(
        self, caller: Principal, scope: Scope, incoming: Incoming, reply: Reply
    ) -> bool:
        """Answer, if the path is one of ours; tell whether it is."""
        steps = self._steps_of(scope["path"])
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

    def _find(self, steps: Steps) -> tuple[Mapping[str, Handler], dict[str, str]]:
        """Return what may be done under a path, and the names that it holds."""
        for pattern, by_method in self.table.items():
            if len(pattern) == len(steps):
                pairs = list(zip(pattern, steps, strict=True))
                names = {want[1:-1]: have for want, have in pairs if want in {NAME, ITEM}}
                if all(want == have or want in {NAME, ITEM} for want, have in pairs):
                    return by_method, names
        return {}, {}

    def _steps_of(self, path: str) -> Steps:
        return _steps_about({pattern[0] for pattern in self.table}, path)


@dataclass(frozen=True)
class LeftOut:
    """Tells of what other deployments answer and this one doesn't."""

    nouns: Collection[str]
    part: str

    def noun(self, path: str) -> str:
        """Return what a path is about, if it is one of these."""
        return next(iter(_steps_about(self.nouns, path)), "")

    async def answers(
        self, _caller: Principal, scope: Scope, _incoming: Incoming, _reply: Reply
    ) -> bool:
        """Say that it isn't there, if the path is one of these."""
        if noun := self.noun(scope["path"]):
            raise NotFound(
                f"this deployment has no {noun}: it was made without {self.part}",
                next_step=f"ask an administrator for a deployment with {self.part}",
                code="not_deployed",
            )
        return False


@dataclass(frozen=True)
class Together:
    """Several of them, none of which has a noun of another's."""

    parts: Sequence[Routes | LeftOut]

    def noun(self, path: str) -> str:
        """Return what a path is about, if it is one of ours."""
        return next(filter(None, (part.noun(path) for part in self.parts)), "")

    async def answers(
        self, caller: Principal, scope: Scope, incoming: Incoming, reply: Reply
    ) -> bool:
        """Answer, if the path is one of ours; tell whether it is."""
        for part in self.parts:
            if await part.answers(caller, scope, incoming, reply):
                return True
        return False


def _steps_about(nouns: Collection[str], path: str) -> Steps:
    """Return the steps of a path below our prefixes; nothing where it is about others."""
    for prefix in sorted(OPENAI_PREFIXES, key=len, reverse=True):
        if path.startswith(f"{prefix}/"):
            steps = tuple(unquote(step) for step in path[len(prefix) + 1 :].split("/"))
            return steps if steps[0] in nouns else ()
    return ()


def _is_no_name(name: str) -> bool:
    return len(name) > LONGEST_NAME or "\0" in name
