"""How a document became passages: what has the same recipe needn't be made again."""

import hashlib
import json
from pathlib import PurePath
from typing import Final

from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.domain.knowledge.repository import Collection

READER: Final = 1  # counts what changes how files are read or cut
TOLD: Final = "; told "


def chunking_of(document: RagDocument, collection: Collection) -> Chunking:
    """Return how a document of this collection is cut."""
    return document.chunking or collection.chunking


def recipe_of(document: RagDocument, collection: Collection) -> str:
    """Name all that its passages depend on beside its content."""
    cut = chunking_of(document, collection)
    read = f"read {READER}{' with tables' if collection.reads_tables else ''}"
    suffix = PurePath(document.name).suffix.lower()[:20]
    told = json.dumps([document.name, document.tags, dict(document.facts)], sort_keys=True)
    return (
        f"{collection.embedding_model}; {cut.strategy} {cut.size}/{cut.overlap}; {read}{suffix}"
        f"{TOLD}{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    )


def same_vectors(one: str, other: str) -> bool:
    """Tell whether equal content has equal passages and vectors by these recipes."""
    return bool(one) and one.partition(TOLD)[0] == other.partition(TOLD)[0]
