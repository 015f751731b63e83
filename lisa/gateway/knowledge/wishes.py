"""What callers send to `/vector_stores`, read once and typed."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.faults import named
from lisa.domain.knowledge.chunking import Chunking, Strategy
from lisa.domain.knowledge.names import Facts
from lisa.domain.turns.file_search import RankingOptions
from lisa.domain.turns.shapes import Wire

MOST_FILES: Final = 1000
MOST_QUERIES: Final = 8


class _Wish(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


Asked = TypeVar("Asked", bound=_Wish)
FileId = Annotated[str, StringConstraints(max_length=128)]
Query = Annotated[str, StringConstraints(min_length=1, max_length=8000, pattern=r"\S")]


class Sizes(_Wish):
    """How long a passage gets, in tokens."""

    max_chunk_size_tokens: Annotated[int, Field(ge=100, le=4096)]
    chunk_overlap_tokens: Annotated[int, Field(ge=0, le=2048)]


class Cutting(_Wish):
    """How documents are cut: as the collection does, or by these sizes."""

    type: Literal["auto", "static"] = "auto"
    static: Sizes | None = None

    @property
    def chunking(self) -> Chunking | None:
        """Return it as we know it; raises `Invalid`."""
        if self.type == "auto":
            return None
        if self.static is None:
            raise Invalid("chunking_strategy.static: is missing", code="invalid_value")
        size, overlap = self.static.max_chunk_size_tokens, self.static.chunk_overlap_tokens
        if overlap > size // 2:
            raise Invalid(
                "chunking_strategy.static.chunk_overlap_tokens: at most half of the size",
                code="invalid_value",
            )
        return Chunking(strategy=Strategy.TOKENS, size=size, overlap=overlap)


AS_THE_COLLECTION: Final = Cutting()


class StoreWish(_Wish):
    """A new store, or what is to change of one."""

    name: Annotated[str, StringConstraints(max_length=256)] | None = None
    description: Annotated[str, StringConstraints(max_length=1000)] | None = None
    metadata: Annotated[Facts, Field(max_length=16)] | None = None
    file_ids: Annotated[tuple[FileId, ...], Field(max_length=MOST_FILES)] = ()
    chunking_strategy: Cutting = AS_THE_COLLECTION


class FileWish(_Wish):
    """A file that is to be found in a store."""

    file_id: FileId
    attributes: Annotated[Facts, Field(max_length=16)] | None = None
    chunking_strategy: Cutting = AS_THE_COLLECTION


class AttributesWish(_Wish):
    """What is to be known of a document."""

    attributes: Annotated[Facts, Field(max_length=16)]


class BatchWish(_Wish):
    """Files that are to be found in a store: all alike, or each with its own attributes."""

    file_ids: Annotated[tuple[FileId, ...], Field(max_length=MOST_FILES)] = ()
    files: Annotated[tuple[FileWish, ...], Field(max_length=MOST_FILES)] = ()
    attributes: Annotated[Facts, Field(max_length=16)] | None = None
    chunking_strategy: Cutting = AS_THE_COLLECTION


class SearchWish(_Wish):
    """A question to a store; `mode` and `rerank` are ours. Queries are never rewritten."""

    query: Query | Annotated[list[Query], Field(min_length=1, max_length=MOST_QUERIES)]
    max_num_results: Annotated[int, Field(ge=1, le=50)] = 10
    filters: Wire | None = None
    ranking_options: RankingOptions = RankingOptions()
    mode: Literal["hybrid", "dense", "lexical"] | None = None
    rerank: Annotated[str, StringConstraints(max_length=256)] | None = None


def read(shape: type[Asked], body: Mapping[str, Any]) -> Asked:
    """Read a body; raises `Invalid` that names the field."""
    given = {name: value for name, value in body.items() if value is not None}
    if "expires_after" in given:
        raise Invalid(
            "expires_after: vector stores are kept until they are deleted",
            next_step="leave it out",
            code="unsupported_parameter",
        )
    try:
        return shape.model_validate(given)
    except ValidationError as fault:
        raise Invalid(named(fault, "body"), code="invalid_value") from fault
