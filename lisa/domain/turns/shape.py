"""What everything on OpenAI's wire has in common."""

from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict

Wire: TypeAlias = dict[str, Any]


class Shape(BaseModel):
    """Anything on the wire; fields we don't know are not carried on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def wire(self) -> Wire:
        """Return it as it travels."""
        return self.model_dump(mode="json")
