"""A project: a name under which its owner gathers sessions."""

from datetime import datetime
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints

ProjectId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")
]
ProjectName: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$")
]


class Project(BaseModel):
    """One project. While it is being deleted it takes no sessions."""

    model_config = ConfigDict(frozen=True)

    id: ProjectId
    owner: str
    name: ProjectName
    created: datetime
    updated: datetime
    deleting: bool = False
    version: int = 1
