"""What a model that we run is to run on, in our words."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import ConfigDict, Field, JsonValue

from lisa.domain.hosting import EngineName, HostKind, Value, Variable
from lisa.http.models.wire import CAMEL, Wire, WireHealth, WireScaling, WireWeights

CLEARED_BY_NULL: Final = {"idle_seconds"}


class HostingChange(Wire):
    """Each key that is given takes the place of that key; `idleSeconds: null` never stops it."""

    model_config = ConfigDict(**CAMEL, extra="forbid")

    kind: HostKind | None = None
    engine: EngineName | None = None
    weights: WireWeights | None = None
    options: Annotated[dict[str, JsonValue], Field(max_length=64)] | None = None
    environment: Annotated[dict[Variable, Value], Field(max_length=64)] | None = None
    image: Annotated[str, Field(max_length=512)] | None = None
    instance_type: Annotated[str, Field(max_length=64)] | None = None
    gpus: Annotated[int, Field(ge=0, le=16)] | None = None
    scaling: WireScaling | None = None
    health: WireHealth | None = None
    disk_gb: Annotated[int, Field(ge=30, le=16_384)] | None = None
    shared_memory_mb: Annotated[int, Field(ge=0, le=1_048_576)] | None = None
    idle_seconds: Annotated[int, Field(ge=60, le=2_592_000)] | None = None

    def values(self) -> Mapping[str, object]:
        """Return what was given, by the names of our hosting."""
        return {
            name: value
            for name, value in self.model_dump(include=self.model_fields_set).items()
            if value is not None or name in CLEARED_BY_NULL
        }


class HostingNew(HostingChange):
    """What it is to run on; without `weights`, `modelName` says what is loaded."""

    engine: EngineName
