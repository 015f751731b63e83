"""The tool that searches files: what a request says of it, and how a model is told of it."""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lisa.domain.knowledge.filters import Filter, read_filter
from lisa.domain.turns.found import MOST_QUERIES
from lisa.domain.turns.shape import Wire

FILE_SEARCH: Final = "file_search"  # the tool's type, and what models call it
MOST_STORES: Final = 10

StoreId: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RankingOptions(_Part):
    """How good passages have to be; what ranks them is ours to say, by `rerank`."""

    ranker: Literal["none", "auto", "default-2024-11-15"] | None = None
    score_threshold: Annotated[float, Field(ge=0, le=1)] = 0


class FileSearchTool(_Part):
    """The stores to search, each named `REPOSITORY.COLLECTION`, and how; `mode` and on are ours."""

    type: Literal["file_search"] = "file_search"
    vector_store_ids: Annotated[tuple[StoreId, ...], Field(min_length=1, max_length=MOST_STORES)]
    max_num_results: Annotated[int, Field(ge=1, le=50)] | None = None
    filters: Wire | None = None
    ranking_options: RankingOptions | None = None
    mode: Literal["hybrid", "dense", "lexical"] | None = None
    rerank: Annotated[str, StringConstraints(max_length=256)] | None = None

    @property
    def where(self) -> Filter | None:
        """Return the condition on documents; raises `Invalid` that names the place."""
        return read_filter(self.filters) if self.filters else None

    @property
    def threshold(self) -> float:
        """Return how well a passage has to fit."""
        return self.ranking_options.score_threshold if self.ranking_options else 0

    def echo(self) -> Wire:
        """Return it as a response repeats it."""
        return self.model_dump(mode="json", exclude_none=True)


def file_search_function() -> Wire:
    """Return the function by which a model searches."""
    queries = {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "maxItems": MOST_QUERIES,
        "description": "What to look for: each a question, or the words that the passage has.",
    }
    function = {
        "name": FILE_SEARCH,
        "description": (
            "Search the user's documents for passages that answer something. Use it whenever the "
            "documents may know the answer."
        ),
        "parameters": {
            "type": "object",
            "properties": {"queries": queries},
            "required": ["queries"],
        },
    }
    return {"type": "function", "function": function}
