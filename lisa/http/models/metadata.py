"""What models can be made of: engines, known models, instance types."""

from collections.abc import Mapping
from typing import Final

from pydantic import Field, JsonValue

from lisa.declared.catalogue import CATALOGUE
from lisa.declared.engine_options.engine import Engine
from lisa.declared.engines import ENGINES
from lisa.domain.hosting import EngineName, HostKind
from lisa.domain.model import ModelType
from lisa.http.models.door import Uses, model_router
from lisa.http.models.wire import Wire
from lisa.http.services import Caller

TITLES: Final[Mapping[EngineName, str]] = {
    EngineName.VLLM: "vLLM",
    EngineName.TGI: "Text Generation Inference",
    EngineName.TEI: "Text Embeddings Inference",
    EngineName.LLAMA_CPP: "llama.cpp",
}
router = model_router()


class RefusedOption(Wire):
    """An option that LISA doesn't pass on, and why."""

    name: str
    reason: str


class EngineOut(Wire):
    """A server of models that LISA can start."""

    name: EngineName
    title: str
    capabilities: list[ModelType]
    options: dict[str, JsonValue] = Field(description="A JSON schema.")
    refused: list[RefusedOption]

    @classmethod
    def of(cls, engine: Engine) -> "EngineOut":
        """Show an engine."""
        refused = sorted(engine.refused.items())
        return cls(
            name=engine.name,
            title=TITLES[engine.name],
            capabilities=sorted(engine.serves),
            options=engine.options.model_json_schema(),
            refused=[RefusedOption(name=name, reason=reason) for name, reason in refused],
        )


class Engines(Wire):
    """Engines, and what can run them here; the first is taken where none is asked for."""

    engines: list[EngineOut]
    hosts: list[HostKind]


class FactOut(Wire):
    """A number with where it comes from and of when; null with the reason why it isn't known."""

    value: int | None
    source: str
    date: str


class KnownModel(Wire):
    """A model that is known to go with an engine, and the smallest hosting we suggest."""

    id: str
    name: str
    type: ModelType
    engine: EngineName
    instance_type: str
    context: FactOut
    parameters: FactOut
    dimension: FactOut | None
    cache_bytes: FactOut | None = Field(description="Of one token in the cache, at 16 bits.")
    options: dict[str, JsonValue]
    remark: str


class Catalogue(Wire):
    """Models to begin from; any other id works as well."""

    models: list[KnownModel]


@router.get("/metadata/instances")
async def instances(uses: Uses, caller: Caller) -> list[str]:
    """List the names of EC2's instance types."""
    del caller
    return list(await uses.instance_types.names())


@router.get("/metadata/engines")
async def engines(uses: Uses, caller: Caller) -> Engines:
    """List the engines with their options."""
    del caller
    known = [EngineOut.of(each) for each in ENGINES.values()]
    return Engines(engines=known, hosts=[*uses.looking.hosts])


@router.get("/metadata/catalogue")
async def catalogue(caller: Caller) -> Catalogue:
    """List models that are known to go with an engine."""
    del caller
    known = [KnownModel.model_validate(each, from_attributes=True) for each in CATALOGUE]
    return Catalogue(models=known)
