"""Collections as commands name them, and lists of the knowledge API page by page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from cli.client import Lisa
from lisa.domain.errors import Invalid

PAGE: Final = "100"
ANY: Final = "REPOSITORY.COLLECTION"
HERE_BY_DEFAULT: Final = "local.default"

To = Annotated[
    str,
    typer.Option("--to", help="The collection, as `lisa rag collections` shows it.", metavar=ANY),
]
Of = Annotated[
    str,
    typer.Option("--in", help="The collection, as `lisa rag collections` shows it.", metavar=ANY),
]
Ins = Annotated[
    list[str] | None,
    typer.Option("--in", help="A collection to ask; may be given several times.", metavar=ANY),
]


@dataclass(frozen=True)
class Place:
    """A collection of a repository."""

    repository: str
    collection: str

    @property
    def path(self) -> str:
        """Return its path in the API."""
        return f"/repositories/{plain(self.repository)}/collections/{plain(self.collection)}"

    @property
    def jobs(self) -> str:
        """Return the path of its repository's jobs."""
        return f"/repositories/{plain(self.repository)}/jobs"

    def __str__(self) -> str:
        """Write it as commands take it."""
        return f"{self.repository}.{self.collection}"


def place_in(text: str) -> Place:
    """Read the name of a collection."""
    repository, point, collection = text.partition(".")
    if not repository or not point or not collection:
        raise Invalid(
            f"{text!r} names no collection",
            next_step=f"write {ANY}, as `lisa rag collections` shows them",
            code="no_collection",
        )
    return Place(repository, collection)


def places_in(texts: Sequence[str] | None) -> list[str]:
    """Read names of collections; without any, it is that of this machine."""
    return [str(place_in(each)) for each in texts or [HERE_BY_DEFAULT]]


def plain(name: str) -> str:
    """Write a name so that it can stand in a path."""
    return quote(name, safe="")


def every(lisa: Lisa, path: str, items: str, **query: str) -> Iterator[Mapping[str, Any]]:
    """Return the items of all pages."""
    cursor = ""
    while True:
        page = lisa.ask("GET", path, limit=PAGE, cursor=cursor, **query)
        yield from page[items]
        cursor = page["nextCursor"]
        if not cursor:
            return
