"""The shapes of projects on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from lisa.domain.project import Project, ProjectName


class ProjectWanted(BaseModel):
    """What a project is called."""

    model_config = ConfigDict(extra="forbid")

    name: ProjectName


class ProjectOut(BaseModel):
    """A project. One that is `deleting` was left half deleted: delete it again."""

    id: str
    name: str
    created: datetime
    updated: datetime
    deleting: bool

    @classmethod
    def of(cls, project: Project) -> "ProjectOut":
        """Show a project."""
        return cls.model_validate(project, from_attributes=True)


class ProjectPage(BaseModel):
    """Projects in the order they were made."""

    items: list[ProjectOut]
    next_cursor: str
