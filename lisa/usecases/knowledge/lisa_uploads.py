"""Uploads as LISA's clients make them: by a form, of a file whose size nobody announces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed
from lisa.domain.identity import Principal
from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.rag_file import RagFile
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.ports.blobs import Blobs, Form
from lisa.stores.knowledge.files import FileStore
from lisa.usecases.knowledge.document_rules import not_uploaded
from lisa.usecases.knowledge.finding import Finding
from lisa.usecases.knowledge.names import FILE, timed_id
from lisa.usecases.knowledge.uploads import Upload, checked_file

LARGEST: Final = 50 * 1024 * 1024
LIFE: Final = timedelta(hours=1)
MOST_TRIES: Final = 20
NOT_KNOWN_YET: Final = 0


@dataclass(frozen=True)
class LisaUploads:
    """What a caller can do with files before their size is known."""

    finding: Finding
    store: FileStore
    blobs: Blobs

    async def begin(self, caller: Principal, name: str) -> Form:
        """Give out a form that takes one file, to a place that we choose."""
        require(caller, Verb.CREATE, Thing(Kind.DOCUMENT, owner=caller.subject))
        clock = self.finding.files.clock
        file_id = timed_id(self.finding.files.ids, clock, FILE)
        file = checked_file(caller.subject, file_id, Upload(name, 1), clock.now())
        form = await self.blobs.form_link(file.key, LARGEST, int(LIFE.total_seconds()))
        await self.store.add(file.model_copy(update={"size": NOT_KNOWN_YET}))
        return form

    async def settle(
        self, caller: Principal, key: str, tags: tuple[str, ...], facts: Mapping[str, Fact]
    ) -> RagFile:
        """Return the caller's file of this id or name as it came, with this told of it."""
        for _ in range(MOST_TRIES):
            old = await self.finding.file(caller, key)
            size = old.size or await self.blobs.size(old.key)
            if not size:
                raise not_uploaded(old, size)
            told = {"tags": tags or old.tags, "facts": {**old.facts, **facts}}
            new = old.model_copy(update={**told, "size": size})
            if new == old:
                return old
            try:
                return await self.store.change(old, new)
            except ConditionFailed:
                continue
        raise overtaken("the file")
