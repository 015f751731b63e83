"""How documents are cut into the passages that are found."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from lisa.domain.frozen import Frozen


class Strategy(StrEnum):
    """Where cuts fall: after so many characters or tokens, at headings and pages, or nowhere."""

    FIXED = "fixed"  # LISA's own: by characters
    TOKENS = "tokens"
    STRUCTURE = "structure"
    NONE = "none"


class Chunking(Frozen):
    """One way to cut; `size` and `overlap` are characters for `fixed`, else tokens."""

    strategy: Strategy = Strategy.STRUCTURE
    size: Annotated[int, Field(ge=16, le=10_000)] = 220
    overlap: Annotated[int, Field(ge=0, le=5_000)] = 40

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if self.overlap > self.size // 2:
            raise ValueError("an overlap is at most half of the size")
        return self
