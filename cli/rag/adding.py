"""The command `lisa rag add`: files of this machine become documents of a collection."""

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
import typer

from cli.client import Lisa, lisa_of
from cli.errors import FAILED
from cli.given import given
from cli.models.asked import pairs_in
from cli.models.progress import Progress
from cli.options import Home, Json, Url
from cli.output import answer
from cli.rag.facts import typed_facts
from cli.rag.files_here import FileHere, files_in
from cli.rag.listing import tell_causes
from cli.rag.places import HERE_BY_DEFAULT, Place, To, place_in
from cli.rag.waiting import Ended, wait
from lisa.domain.errors import Unavailable

AT_ONCE: Final = 8
MOST_IN_A_JOB: Final = 500
UPLOAD: Final = httpx.Timeout(600, connect=10)
TRIES: Final = 3


def add(  # noqa: PLR0913 - one for each option
    *,
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.", metavar="PATH...")],
    to: To = HERE_BY_DEFAULT,
    tag: Annotated[
        list[str] | None, typer.Option(help="A tag of all of them; several times.", metavar="TAG")
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(help="What is known of all of them; several times.", metavar="NAME=VALUE"),
    ] = None,
    wait_for_it: Annotated[
        bool, typer.Option("--wait", help="Until they can be found; ends with 1 if one fails.")
    ] = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Upload files, those of folders too, and have them made into documents.

    Uploads go in parallel. What is hidden in a folder (.git and the like) is left out.

    For example:
      lisa rag add manual.pdf --wait
      lisa rag add ./docs notes.md --to local.default --tag manual --fact year=2024 --wait
    """
    place = place_in(to)
    files = files_in(paths)
    about = {"tags": tag or [], "facts": typed_facts(pairs_in(fact, "--fact"))}
    lisa = lisa_of(given(home=home, url=url))
    uploads = Uploads(lisa, place, about, Progress(sys.stderr, sum(each.size for each in files)))
    ids = uploads.send(files)
    jobs = _ingest(lisa, place, ids)
    if not wait_for_it:
        told = f"{len(ids)} files are uploaded; `lisa rag documents --in {place}` shows how far"
        answer({"jobs": jobs, "documentIds": ids}, f"{told} they are", as_json=as_json)
        return
    report(wait(lisa, place, jobs, set(ids)), as_json=as_json)


def report(ended: Ended, *, as_json: bool) -> None:
    """Tell how it ended; with 1 if something failed."""
    answer(ended.document, ended.summary, as_json=as_json)
    if ended.failed:
        if not as_json:
            tell_causes(ended.failed)
        raise typer.Exit(FAILED)


@dataclass(frozen=True)
class Uploads:
    """Brings files to where they become documents."""

    lisa: Lisa
    place: Place
    about: Mapping[str, object]
    progress: Progress

    def send(self, files: Sequence[FileHere]) -> list[str]:
        """Send all of them, some at once; return their ids."""
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            with httpx.Client(timeout=UPLOAD, trust_env=not self.lisa.is_here) as http:
                return list(pool.map(lambda file: self._sent(http, file), files))
        finally:
            pool.shutdown(cancel_futures=True)
            self.progress.end()

    def _sent(self, http: httpx.Client, file: FileHere) -> str:
        self.progress.begins(file.name)
        for left in reversed(range(TRIES)):
            try:
                return self._put(http, file)
            except Unavailable:
                if not left:
                    raise
        raise AssertionError

    def _put(self, http: httpx.Client, file: FileHere) -> str:
        wanted = {"name": file.name, "size": file.size, "contentType": file.content_type}
        link = self.lisa.ask("POST", f"{self.place.path}/uploads", {**wanted, **self.about})
        headers = {"content-type": file.content_type, "content-length": str(file.size)}
        address = httpx.URL(self.lisa.url).join(link["url"])
        try:
            with file.path.open("rb") as content:
                sent = http.put(address, content=content, headers=headers)
        except httpx.TransportError as error:
            raise _not_taken(file, type(error).__name__) from error
        if not sent.is_success:
            raise _not_taken(file, f"status {sent.status_code}")
        self.progress.passed(file.size)
        return str(link["documentId"])


def _not_taken(file: FileHere, why: str) -> Unavailable:
    return Unavailable(
        f"{file.name} could not be uploaded: {why}",
        next_step="add it again; what was uploaded before it is no document yet",
        code="not_uploaded",
    )


def _ingest(lisa: Lisa, place: Place, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    packs = (ids[start : start + MOST_IN_A_JOB] for start in range(0, len(ids), MOST_IN_A_JOB))
    path = f"{place.path}/documents"
    return [lisa.ask("POST", path, {"documentIds": list(pack)})["job"] for pack in packs]
