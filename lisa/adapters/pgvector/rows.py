"""Passages as rows: what is searched in columns, what is shown in one document."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from pgvector import HalfVector
from psycopg import sql
from psycopg.types.json import Jsonb

from lisa.domain.knowledge.labels import labels_of
from lisa.domain.knowledge.passage import Embedded, Passage, Place
from lisa.domain.knowledge.words import words_of

KEPT: Final = sql.SQL("id, document_id, ordinal, passage")


def row_of(embedded: Embedded, language: str) -> Mapping[str, object]:
    """Return the parameters of the statement that stores a passage."""
    passage = embedded.passage
    shown = {
        "text": passage.text,
        "name": passage.name,
        "tags": passage.tags,
        "facts": dict(passage.facts),
        "place": asdict(passage.place),
    }
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "ordinal": passage.ordinal,
        "passage": Jsonb(shown),
        "labels": labels_of(passage),
        "language": language,
        "words": words_of(passage.searched),
        "vector": HalfVector(list(embedded.vector)),
    }


def passage_of(id_: str, document_id: str, ordinal: int, shown: dict[str, Any]) -> Passage:
    """Read a passage back."""
    place = shown["place"]
    return Passage(
        id=id_,
        document_id=document_id,
        ordinal=ordinal,
        text=shown["text"],
        place=Place(**{**place, "headings": tuple(place["headings"])}),
        name=shown["name"],
        tags=tuple(shown["tags"]),
        facts=shown["facts"],
    )
