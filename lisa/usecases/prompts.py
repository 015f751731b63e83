"""The prompt library: own prompts, and those shared with one's groups or with everybody."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from lisa.domain.audit import Deed
from lisa.domain.conflicts import outdated, overtaken
from lisa.domain.errors import ConditionFailed, Invalid, NotFound
from lisa.domain.identity import Principal
from lisa.domain.policy import PUBLIC, Kind, Thing, Verb, decide, require
from lisa.domain.prompt import Prompt, PromptType
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import Put
from lisa.stores.prompts import PromptStore
from lisa.usecases.audit import Audit

MOST_TRIES: Final = 20
MOST_QUERIES: Final = 50


@dataclass(frozen=True)
class Wording:
    """What a prompt says, and whom it is shared with."""

    title: str
    type: PromptType
    body: str
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Prompts:
    """What a caller can do with prompts."""

    store: PromptStore
    clock: Clock
    ids: Ids
    audit: Audit

    async def create(self, caller: Principal, wording: Wording) -> Prompt:
        """Make a prompt of the caller's own."""
        prompt_id, owner = self.ids.new("prompt"), caller.subject
        require(caller, Verb.CREATE, Thing(Kind.PROMPT, prompt_id, owner))
        _require_sharing(caller, prompt_id, owner, wording.groups)
        now = self.clock.now()
        prompt = Prompt(
            id=prompt_id,
            owner=owner,
            **vars(wording),
            created=now,
            changed=now,
            changed_by=owner,
        )
        records = [await self._record(caller, Verb.CREATE, None, prompt)] if prompt.groups else []
        await self.store.add(prompt, *records)
        return prompt

    async def get(self, caller: Principal, prompt_id: str) -> Prompt:
        """Return a prompt; one that isn't shared with the caller isn't there."""
        prompt = await self.store.by_id(prompt_id)
        if prompt is None or not decide(caller, Verb.READ, prompt.thing()).allowed:
            raise NotFound(
                f"there is no prompt {prompt_id[:100]}",
                next_step="list the prompts to see which there are",
                code="prompt_not_found",
            )
        return prompt

    async def revisions(
        self, caller: Principal, prompt_id: str, *, limit: int, cursor: str
    ) -> tuple[list[Prompt], str]:
        """Return what it said from revision to revision, newest first; for who may change it."""
        prompt = await self.get(caller, prompt_id)
        require(caller, Verb.CHANGE, prompt.thing())
        return await self.store.revisions(prompt_id, limit, cursor)

    async def owned(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Prompt], str]:
        """List the caller's own prompts, newest first."""
        require(caller, Verb.LIST, Thing(Kind.PROMPT, owner=caller.subject))
        return await self.store.owned(caller.subject, limit, cursor)

    async def everybodys(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Prompt], str]:
        """List the prompts of all, newest first."""
        require(caller, Verb.LIST_ALL, Thing(Kind.PROMPT))
        return await self.store.everybodys(limit, cursor)

    async def shared(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Prompt], str]:
        """List what is shared with the caller, group by group, each prompt once.

        A page may be short: a caller in very many groups goes on at its cursor.
        """
        require(caller, Verb.LIST, Thing(Kind.PROMPT, owner=caller.subject))
        groups = sorted(caller.groups | {PUBLIC})
        place, inner = _read_cursor(cursor, groups)
        found: list[Prompt] = []
        for _ in range(MOST_QUERIES):
            group = groups[place]
            prompts, inner = await self.store.shared(group, limit - len(found), inner)
            found += [each for each in prompts if _first_seen_by(each, groups) == group]
            place += not inner
            if place == len(groups):
                return found, ""
            if len(found) >= limit:
                break
        return found, _write_cursor(groups[place], inner)

    async def revise(
        self, caller: Principal, prompt_id: str, wording: Wording, version: int | None
    ) -> Prompt:
        """Make the next revision; with a version, only if the newest one is still that."""
        for _ in range(MOST_TRIES):
            old = await self.get(caller, prompt_id)
            require(caller, Verb.CHANGE, old.thing())
            if version not in {None, old.revision}:
                raise outdated(f"the prompt {prompt_id}", old.revision)
            _require_sharing(caller, prompt_id, old.owner, wording.groups - old.groups)
            try:
                return await self._revise(caller, old, wording)
            except ConditionFailed:
                continue
        raise overtaken("the prompt")

    async def delete(self, caller: Principal, prompt_id: str) -> None:
        """Remove a prompt with all its revisions."""
        for _ in range(MOST_TRIES):
            prompt = await self.get(caller, prompt_id)
            require(caller, Verb.DELETE, prompt.thing())
            records = []
            if prompt.groups or caller.subject != prompt.owner:
                records = [await self._record(caller, Verb.DELETE, prompt, None)]
            try:
                return await self.store.remove(prompt, *records)
            except ConditionFailed:
                continue
        raise overtaken("the prompt")

    async def _revise(self, caller: Principal, old: Prompt, wording: Wording) -> Prompt:
        changes = {
            **vars(wording),
            "revision": old.revision + 1,
            "changed": max(self.clock.now(), old.changed),
            "changed_by": caller.subject,
        }
        new = old.model_copy(update=changes)
        records = []
        if old.groups or new.groups or caller.subject != old.owner:
            records = [await self._record(caller, Verb.CHANGE, old, new)]
        await self.store.revise(old, new, *records)
        return new

    async def _record(
        self, caller: Principal, verb: Verb, before: Prompt | None, after: Prompt | None
    ) -> Put:
        """Record what is done to a prompt that others see; what one does alone is nobody's."""
        prompt = after or before
        deed = Deed(
            verb,
            Kind.PROMPT,
            prompt.id if prompt else "",
            before=_told(before),
            after=_told(after),
        )
        return await self.audit.step(caller, deed)


def _require_sharing(caller: Principal, prompt_id: str, owner: str, groups: frozenset[str]) -> None:
    if groups:
        require(caller, Verb.SHARE, Thing(Kind.PROMPT, prompt_id, owner, groups))


def _first_seen_by(prompt: Prompt, groups: list[str]) -> str:
    return next(group for group in groups if group in prompt.groups)


def _told(prompt: Prompt | None) -> dict[str, JsonValue] | None:
    """Tell what matters to others: not the text."""
    if prompt is None:
        return None
    return {
        "title": prompt.title,
        "owner": prompt.owner,
        "groups": [*sorted(prompt.groups)],
        "revision": prompt.revision,
    }


def _write_cursor(group: str, inner: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([group, inner]).encode()).decode()


def _read_cursor(cursor: str, groups: list[str]) -> tuple[int, str]:
    """Return the group to go on with, and the cursor in its list."""
    if not cursor:
        return 0, ""
    try:
        group, inner = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        return groups.index(group), str(inner)
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise Invalid(
            "the cursor does not belong to this list",
            next_step="begin again without a cursor",
            code="wrong_cursor",
        ) from error
