"""One index: its mapping, its documents, and which of them can be found already."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.standins.opensearch.analysis import ANALYZERS
from tests.standins.opensearch.refusal import Json, Refused, only

LONGEST_KEYWORD: Final = 32_766
LOOKS: Final = 2  # at Serverless, until what was written is found

_FIELDS: Final[Mapping[str, set[str]]] = {
    "keyword": {"type"},
    "integer": {"type"},
    "text": {"type", "analyzer"},
    "object": {"type", "enabled"},
    "knn_vector": {"type", "dimension", "method"},
}


@dataclass
class Index:
    """Documents by their ids; a search sees what was there at the last refresh."""

    fields: Mapping[str, Json]
    serverless: bool
    documents: dict[str, Json] = field(default_factory=dict)
    found: dict[str, Json] = field(default_factory=dict)
    looks: int = 0
    hidden: bool = False  # as a new index is at Serverless for a while

    def put(self, id_: str | None, source: Json) -> str:
        """Store a document; on Serverless ids are its own."""
        if self.serverless and id_ is not None:
            reason = "Document ID is not supported in create/index operation request"
            raise Refused(400, "illegal_argument_exception", reason)
        for name, value in source.items():
            self._accept(name, value)
        id_ = id_ or uuid.uuid4().hex
        self.documents[id_] = source
        self.looks = LOOKS
        return id_

    def remove(self, id_: str) -> bool:
        """Forget a document; tell whether there was one."""
        self.looks = LOOKS
        return self.documents.pop(id_, None) is not None

    def refresh(self) -> None:
        """Let everything be found."""
        self.found = dict(self.documents)

    def look(self) -> Mapping[str, Json]:
        """Return what a search sees; Serverless refreshes when it likes."""
        if self.serverless and self.looks:
            self.looks -= 1
            if not self.looks:
                self.refresh()
        return self.found

    def _accept(self, name: str, value: Any) -> None:
        known = self.fields.get(name)
        if known is None:
            reason = f"mapping set to strict, dynamic introduction of [{name}] is not allowed"
            raise Refused(400, "strict_dynamic_mapping_exception", reason)
        values = value if isinstance(value, list) else [value]
        if known["type"] == "keyword" and any(len(v.encode()) > LONGEST_KEYWORD for v in values):
            raise Refused(400, "illegal_argument_exception", f"immense term in field [{name}]")
        if known["type"] == "knn_vector" and len(values) != known["dimension"]:
            reason = f"Vector dimension mismatch. Expected: {known['dimension']}"
            raise Refused(400, "mapper_parsing_exception", f"{reason}, Given: {len(values)}")


def new_index(body: Json, *, serverless: bool) -> Index:
    """Read the settings and the mapping of a new index."""
    only(body, {"settings", "mappings"}, "index")
    only(body["settings"], {"index"}, "settings")
    settings = {"knn"} if serverless else {"knn", "number_of_shards"}
    only(body["settings"]["index"], settings, "settings.index")
    mappings = body["mappings"]
    only(mappings, {"dynamic", "properties"}, "mappings")
    if mappings["dynamic"] != "strict" or body["settings"]["index"]["knn"] is not True:
        raise Refused(400, "illegal_argument_exception", "only strict mappings with k-NN are known")
    for name, its in mappings["properties"].items():
        _accept_field(name, its)
    return Index(mappings["properties"], serverless, hidden=serverless)


def _accept_field(name: str, its: Json) -> None:
    kind = str(its.get("type"))
    if kind not in _FIELDS or set(its) != _FIELDS[kind]:
        raise _not_parsed(f"No handler for type [{kind}] declared on field [{name}]")
    if kind == "text" and its["analyzer"] not in ANALYZERS:
        raise _not_parsed(f"analyzer [{its['analyzer']}] has not been configured in mappings")
    if kind == "knn_vector":
        _accept_method(its["method"])


def _accept_method(method: Json) -> None:
    """Accept what every version with efficient filters has; cosine came to faiss with 2.19."""
    wanted = {"name": "hnsw", "engine": "faiss", "space_type": "innerproduct"}
    only(method, {*wanted, "parameters"}, "method")
    only(method["parameters"], {"m", "ef_construction"}, "parameters")
    if any(method[name] != value for name, value in wanted.items()):
        raise _not_parsed("only hnsw of faiss over the inner product is known")


def _not_parsed(reason: str) -> Refused:
    return Refused(400, "mapper_parsing_exception", reason)
