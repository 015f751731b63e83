"""A prompt of the library: a persona to speak as, or a directive to send."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lisa.domain.identity import SUBJECT_PATTERN
from lisa.domain.policy import Kind, Thing

MOST_GROUPS: Final = 32
LONGEST_BODY: Final = 50_000

PromptId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
Title: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")
]
Text: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_BODY, pattern=r"^[^\x00]*$")
]
Group: TypeAlias = Annotated[str, StringConstraints(pattern=SUBJECT_PATTERN)]
Groups: TypeAlias = Annotated[frozenset[Group], Field(max_length=MOST_GROUPS)]


class PromptType(StrEnum):
    """How it is applied: as the system's text, or as the user's."""

    PERSONA = "persona"
    DIRECTIVE = "directive"


class Prompt(BaseModel):
    """One revision of a prompt. It is its owner's alone unless it is shared with `groups`."""

    model_config = ConfigDict(frozen=True)

    id: PromptId
    owner: str
    title: Title
    type: PromptType
    body: Text
    groups: Groups = frozenset()
    revision: int = 1
    created: datetime
    changed: datetime
    changed_by: str

    def thing(self) -> Thing:
        """Return it as the policy sees it."""
        return Thing(Kind.PROMPT, self.id, self.owner, self.groups)
