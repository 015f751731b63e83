"""What an entry point is: what it serves, what it may touch and how."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from lisa.declared import settings
from lisa.declared.parts import Part
from lisa.declared.tables import Table

STAGE: Final = "api"  # what every path of the control API begins with, in every profile


class Access(Enum):
    """How a door may touch a table, a bucket or the deployment's own secrets."""

    READ = "read"
    APPEND = "append"  # add to what is there; neither read nor remove it
    NOTE = "note"  # change what the table says may be noted, in rows that are there
    KEEP = "keep"  # read and add to a bucket
    CLEAR = "clear"  # read and remove from a bucket
    WRITE = "write"  # reading included


@dataclass(frozen=True)
class Bucket:
    """One object store, which is there with any of the parts it is `of`."""

    name: str
    of: tuple[Part, ...]


@dataclass(frozen=True)
class Queue:
    """Messages that wait for a function; what can't be done with one, a second queue keeps."""

    name: str


class Runs(Enum):
    """Of what a door begins the runs of workflows."""

    MODELS = "models"
    STORES = "stores"


class OfSources(Enum):
    """What a door may see of the buckets that documents come from."""

    NAMES = "names"  # which there are
    LISTS = "lists"  # and what is in them
    LOADS = "loads"  # and each object


class OnStacks(Enum):
    """What a door may do to the stacks of models."""

    OBSERVE = "observe"  # how they are, and the replicas in them
    SEARCH = "search"  # for all that a model has, wherever it stands
    LOGS = "logs"  # read what replicas say
    MAKE = "make"  # and change and remove


CONTENT: Final = Bucket("content", of=(Part.CHAT, Part.KNOWLEDGE))
WEB: Final = Bucket("web", of=(Part.PAGES,))  # the built pages
BUCKETS: Final = (CONTENT, WEB)
WORK: Final = Queue("work")  # that there is something to be done with documents
QUEUES: Final = (WORK,)


@dataclass(frozen=True, kw_only=True)
class Touching:
    """What an entry point may touch, and how.

    `secrets` says how it may touch those whose names begin with the deployment's prefix;
    `model_stacks` the stacks of models, `store_stacks` those of repositories, which whoever
    `asks_stores` calls. Of the runs it begins, it may ask how they go if it `follows_runs`, and
    end them too if it `stops_runs`. One that has `passes` writes or reads service passes; one that
    `calls_gateway` knows where it answers. `sources` is what it sees of the buckets that the
    configuration names; `sends` are queues it fills; one that `rotates` replaces the secrets that
    the stacks make. One `of` a part is left out with it.
    """

    tables: tuple[tuple[Table, Access], ...] = ()
    buckets: tuple[tuple[Bucket, Access], ...] = ()
    secrets: Access | None = None
    model_stacks: tuple[OnStacks, ...] = ()
    store_stacks: Access | None = None
    asks_stores: bool = False
    runs: Runs | None = None
    follows_runs: bool = False
    stops_runs: bool = False
    passes: bool = False
    calls_gateway: bool = False
    sources: OfSources | None = None
    sends: tuple[Queue, ...] = ()
    rotates: bool = False
    of: Part | None = None


@dataclass(frozen=True)
class Door(Touching):
    """An entry point that AWS calls. `prefixes` are first path segments of the control API.

    One that is `in_network` reaches what the gateway reaches; `fed_by` is the queue whose messages
    it is called with.
    """

    name: str
    settings: type[settings.Settings]
    prefixes: tuple[str, ...] = ()
    every_minutes: int = 0
    memory_mb: int = 512
    disk_mb: int = 512
    timeout_seconds: int = 29
    in_network: bool = False
    fed_by: Queue | None = None


@dataclass(frozen=True)
class Service(Touching):
    """An entry point that ECS runs: `containers/<name>`.

    Its health path needs no credentials; one without a port is called by nobody.
    """

    name: str
    settings: type[settings.Settings]
    port: int = 0
    health_path: str = ""
