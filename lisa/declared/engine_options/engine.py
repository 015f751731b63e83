"""What an engine is: its image, its program, its options and how it is asked for its health."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from lisa.declared.engine_options.flags import Flag, Way
from lisa.domain.errors import Invalid
from lisa.domain.frozen import Frozen
from lisa.domain.hosting import EngineName, Hosting
from lisa.domain.model import ModelType
from lisa.domain.weights import ModelFacts, Origin, origin_of

Count = Annotated[int, Field(ge=1, le=10**9)]
Share = Annotated[float, Field(gt=0, le=1)]
# None of these can begin with a dash, so no value is ever read as a flag.
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^-\x00-\x1f][^\x00-\x1f]{0,499}$")]
Template = Annotated[str, StringConstraints(pattern=r"^\{[%{#]", max_length=16_384)]


class Registry(Enum):
    """Who keeps an engine's images; a deployment knows its host or a mirror."""

    DOCKER = "docker"
    GITHUB = "github"


@dataclass(frozen=True)
class Place:
    """Where and as what an engine is about to run.

    `weights` is what it loads: a folder, a GGUF file, `s3://...` where it reads S3 itself, or a
    hub's id. On `side_port` two engines show their metrics a second time.
    """

    model_id: str
    weights: str
    port: int
    type: ModelType = ModelType.TEXT
    address: str = "127.0.0.1"
    side_port: int = 9000
    facts: ModelFacts = field(default_factory=ModelFacts)

    @property
    def origin(self) -> Origin:
        """Tell where the engine itself gets the weights from."""
        return origin_of(self.weights)

    @property
    def folder(self) -> str:
        """Return the folder the weights lie in."""
        path = PurePosixPath(self.weights)
        return str(path.parent if path.suffix == ".gguf" else path)


class EngineOptions(Frozen):
    """What an administrator may choose of an engine; None leaves it to the engine."""

    model_config = ConfigDict(strict=True)

    @abstractmethod
    def arguments(self, hosting: Hosting, place: Place) -> list[str]:
        """Return what follows the program's name."""

    def refuse_unfit(self, hosting: Hosting) -> None:
        """Raise `Invalid` where these options can't go with the rest of the hosting."""

    def window(self) -> int | None:
        """Return how many tokens a call may have by these options."""
        return None

    def shards(self, gpus: int) -> int:
        """Return by how many of a replica's GPUs each layer is shared."""
        del gpus
        return 1

    def written(self, folder: str) -> list[str]:
        """Return the arguments of all options that have a flag of their own."""
        return [part for flag, value in self._flags() for part in flag.written(value, folder)]

    def names_a_file(self) -> bool:
        """Tell whether any option names a file among the weights."""
        return any(flag.way is Way.FILE for flag, _ in self._flags())

    def _flags(self) -> Iterator[tuple[Flag, object]]:
        for name, told in type(self).model_fields.items():
            value = self.__dict__[name]
            for each in told.metadata:
                if isinstance(each, Flag) and value is not None:
                    yield each, value


def named_by_tag(_hosting: Hosting, tag: str) -> str:
    """Return the tag as it is: one image suits every machine."""
    return tag


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One server of models, declared once: the templates and the process host both read it.

    `waiting` and `running` name gauges of its metrics, empty where it has none. `refused` are
    options that LISA doesn't pass on, with the reason. `variables` are its environment's names
    that may be set; `sealed` begin names that may not. `privileges` are what its container may
    do beyond the ordinary, and why: nothing so far.
    """

    name: EngineName
    image: str
    tag: str
    registry: Registry
    program: tuple[str, ...]
    port: int
    options: type[EngineOptions]
    serves: frozenset[ModelType]
    refused: Mapping[str, str]
    waiting: str
    running: str = ""
    health: str = "/health"
    metrics: str = "/metrics"
    environment: Mapping[str, str] = field(default_factory=dict)
    sealed: tuple[str, ...] = ()
    variables: frozenset[str] = frozenset()
    reads_capitals: bool = False  # every flag is also read from a variable of its name
    s3_formats: tuple[str, ...] = ()
    runs_model_code: bool = False
    most_gpus: int | None = None
    tagged: Callable[[Hosting, str], str] = named_by_tag
    privileges: Mapping[str, str] = field(default_factory=dict)


def unfit(message: str, next_step: str) -> Invalid:
    """Say that parts of a hosting don't go together."""
    return Invalid(message, next_step=next_step, code="hosting_unfit")
