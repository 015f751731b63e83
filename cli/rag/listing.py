"""The commands `lisa rag repositories`, `collections` and `documents`: what there is."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import answer, note, table
from cli.rag.places import HERE_BY_DEFAULT, Of, every, place_in, plain
from lisa.domain.errors import Invalid

REPOSITORIES: Final = ("REPOSITORY", "STORE", "STATUS", "EMBEDDER", "NAME")
COLLECTIONS: Final = ("COLLECTION", "EMBEDDER", "CUT", "LANGUAGE", "NAME")
DOCUMENTS: Final = ("ID", "STATUS", "PASSAGES", "NAME")
WORDS: Final = {
    "INGESTION_COMPLETED": "ready",
    "INGESTION_FAILED": "failed",
    "INGESTION_PENDING": "waiting",
    "INGESTION_IN_PROGRESS": "working",
}

Create = Annotated[
    str, typer.Option(help="Make one of this name in place of a list.", metavar="NAME")
]
Repository = Annotated[str, typer.Option(help="The repository to make it in.", metavar="ID")]
CollectionId = Annotated[
    str, typer.Option("--id", help="Its id, else one is chosen.", metavar="ID")
]
EmbedderOption = Annotated[
    str, typer.Option(help="An embedding model, else the repository's.", metavar="MODEL")
]
Language = Annotated[
    str, typer.Option(help="By whose grammar words are alike, such as english.", metavar="NAME")
]
Strategy = Annotated[
    str, typer.Option("--cut", help="How: structure, tokens, fixed or none.", metavar="STRATEGY")
]
Size = Annotated[int, typer.Option(help="The longest passage, with --cut.", metavar="N")]
Overlap = Annotated[int, typer.Option(help="What passages share, with --cut.", metavar="N")]
Private = Annotated[bool, typer.Option("--private", help="Yours alone.")]


def repositories(*, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """List the repositories you may use.

    For example:
      lisa rag repositories
    """
    lisa = lisa_of(given(home=home, url=url))
    found = list(every(lisa, "/repositories", "repositories"))
    rows = [
        (each["repositoryId"], each["type"], each["status"], each["embeddingModel"], each["name"])
        for each in found
    ]
    answer({"repositories": found}, table(REPOSITORIES, rows), as_json=as_json)


def collections(  # noqa: PLR0913 - one for each option
    *,
    create: Create = "",
    repository: Repository = "local",
    collection_id: CollectionId = "",
    embedder: EmbedderOption = "",
    language: Language = "",
    strategy: Strategy = "",
    size: Size = 220,
    overlap: Overlap = 40,
    private: Private = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """List the collections you may use, or make one.

    For example:
      lisa rag collections
      lisa rag collections --create Manuals --id manuals --language english
      lisa rag collections --create Notes --private
      lisa rag collections --create Short --id short --cut tokens --size 100 --overlap 20
    """
    lisa = lisa_of(given(home=home, url=url))
    if not create:
        _list_collections(lisa, as_json=as_json)
        return
    wanted: dict[str, object] = {"name": create, "private": private}
    chosen = {"collectionId": collection_id, "embeddingModel": embedder, "language": language}
    wanted |= {name: value for name, value in chosen.items() if value}
    if strategy:
        wanted["chunking"] = {"strategy": strategy, "size": size, "overlap": overlap}
    made = lisa.ask("POST", f"/repositories/{plain(repository)}/collections", wanted)
    answer(made, f"{made['vectorStoreId']} is made", as_json=as_json)


def _list_collections(lisa: Lisa, *, as_json: bool) -> None:
    found = list(every(lisa, "/collections", "collections"))
    rows = [
        (each["vectorStoreId"], each["embeddingModel"], cut(each), each["language"], each["name"])
        for each in found
    ]
    answer({"collections": found}, table(COLLECTIONS, rows), as_json=as_json)


def cut(of: Mapping[str, Any]) -> str:
    """Write how a collection's documents are cut."""
    chunking = of["chunking"]
    return f"{chunking['strategy']} {chunking['size']}/{chunking['overlap']}"


def documents(
    *,
    of: Of = HERE_BY_DEFAULT,
    status: Annotated[
        str, typer.Option(help="Those only: ready, failed, waiting or working.", metavar="STATUS")
    ] = "",
    name: Annotated[str, typer.Option(help="What their names have in them.", metavar="TEXT")] = "",
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """List the documents of a collection, newest first; of failed ones, why.

    For example:
      lisa rag documents --in local.default
      lisa rag documents --in local.default --status failed
    """
    place = place_in(of)
    lisa = lisa_of(given(home=home, url=url))
    asked = {"status": _status(status), "name": name}
    query = {name: value for name, value in asked.items() if value}
    found = list(every(lisa, f"{place.path}/documents", "documents", **query))
    rows = [
        (
            each["documentId"],
            WORDS.get(each["status"], each["status"]),
            _passages(each),
            each["name"],
        )
        for each in found
    ]
    answer({"documents": found}, table(DOCUMENTS, rows), as_json=as_json)
    if not as_json:
        tell_causes(found)


def tell_causes(found: list[Mapping[str, Any]]) -> None:
    """Say of failed documents why, and what helps."""
    for each in found:
        if each["cause"]:
            note(f"{each['name']}: {each['cause']}")
            if each["nextStep"]:
                note(f"  -> {each['nextStep']}")


def _status(word: str) -> str:
    known = {ours: theirs for theirs, ours in WORDS.items()}
    if word and word not in known:
        raise Invalid(f"{word!r} is no status", next_step=f"give one of {', '.join(known)}")
    return known.get(word, "")


def _passages(document: Mapping[str, Any]) -> str:
    there, expected = document["passages"], document["expected"]
    return f"{there} of {expected}" if expected > there else str(there)
