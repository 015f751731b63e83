"""The shapes of prompts on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from lisa.domain.identity import Principal
from lisa.domain.policy import Verb, decide
from lisa.domain.prompt import Groups, Prompt, PromptType, Text, Title
from lisa.usecases.prompts import Wording


class PromptCreate(BaseModel):
    """A prompt; without groups it is for yourself, `lisa:public` is everybody."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    type: PromptType
    body: Text
    groups: Groups = frozenset()

    def wording(self) -> Wording:
        """Return what it says."""
        return Wording(self.title, self.type, self.body, self.groups)


class PromptChange(PromptCreate):
    """The whole prompt as it shall be; with `version`, only if it is still at that one."""

    version: int | None = None


class PromptOut(BaseModel):
    """A prompt. Each change makes another `version`, and the former ones are kept."""

    id: str
    owner: str
    is_owner: bool
    may_change: bool
    title: str
    type: PromptType
    body: str
    groups: list[str]
    version: int
    created: datetime
    changed: datetime
    changed_by: str

    @classmethod
    def of(cls, prompt: Prompt, caller: Principal) -> "PromptOut":
        """Show a prompt to this caller."""
        return cls(
            id=prompt.id,
            owner=prompt.owner,
            is_owner=prompt.owner == caller.subject,
            may_change=decide(caller, Verb.CHANGE, prompt.thing()).allowed,
            title=prompt.title,
            type=prompt.type,
            body=prompt.body,
            groups=sorted(prompt.groups),
            version=prompt.revision,
            created=prompt.created,
            changed=prompt.changed,
            changed_by=prompt.changed_by,
        )


class PromptPage(BaseModel):
    """Prompts, newest first; those that are shared, group by group."""

    items: list[PromptOut]
    next_cursor: str
