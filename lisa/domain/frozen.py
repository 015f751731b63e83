"""What every value of ours is made of."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: unknown keys are refused, nothing changes after the making."""

    model_config = ConfigDict(frozen=True, extra="forbid")
