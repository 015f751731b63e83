"""Stands in for OpenSearch, a domain or Serverless, over real HTTP on loopback.

It executes what our adapter sends, exactly, and refuses everything else.
"""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standins.opensearch.index import Index, new_index
from tests.standins.opensearch.queries import Documents, fitting, run
from tests.standins.opensearch.refusal import Json, Refused, only, the_one


@dataclass
class OpenSearch:
    """All indexes of one domain, or of one collection of Serverless."""

    serverless: bool = False
    indexes: dict[str, Index] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    refusing: list[Refused] = field(default_factory=list)  # of the next requests, one each
    shows: bool = True  # Serverless refreshes
    lock: threading.RLock = field(default_factory=threading.RLock)

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Json]:
        """Do what one request asks for."""
        place = urlsplit(target)
        params = {name: values[-1] for name, values in parse_qs(place.query).items()}
        name, _, action = place.path.strip("/").partition("/")
        with self.lock:
            self.asked.append(f"{method} {place.path}")
            if self.refusing:
                raise self.refusing.pop(0)
            match method, action:
                case "PUT", "":
                    return self._create(name, json.loads(body))
                case "HEAD", "":
                    return (200 if self._is_there(name) else 404), {}
                case "DELETE", "":
                    return self._delete(name)
                case (("POST" | "PUT"), "_bulk"):
                    return 200, self._bulk(self._index(name), params, body.decode())
                case "POST", "_search":
                    only(params, set(), "_search")
                    return 200, self._search(name, json.loads(body))
                case "POST", "_delete_by_query" if not self.serverless:
                    return 200, _delete_by_query(self._index(name), params, json.loads(body))
        raise Refused(404, "not_found", f"no handler for {method} {place.path}")

    def _create(self, name: str, body: Json) -> tuple[int, Json]:
        if name in self.indexes:
            reason = f"index [{name}] already exists"
            raise Refused(400, "resource_already_exists_exception", reason)
        self.indexes[name] = new_index(body, serverless=self.serverless)
        return 200, {"acknowledged": True, "shards_acknowledged": True, "index": name}

    def _is_there(self, name: str) -> bool:
        index = self.indexes.get(name)
        if index is None or not index.hidden:
            return index is not None
        index.hidden = False
        return False

    def _delete(self, name: str) -> tuple[int, Json]:
        self._index(name)
        del self.indexes[name]
        return 200, {"acknowledged": True}

    def _index(self, name: str) -> Index:
        """Return an index; unlike OpenSearch, never make one up for documents that come."""
        if name not in self.indexes or self.indexes[name].hidden:
            raise Refused(404, "index_not_found_exception", f"no such index [{name}]")
        return self.indexes[name]

    def _search(self, name: str, body: Json) -> Json:
        index = self._index(name)
        return _found(name, index, body, index.look() if self.shows else index.found)

    def _bulk(self, index: Index, params: Json, body: str) -> Json:
        only(params, set() if self.serverless else {"refresh"}, "_bulk")
        lines = iter(body.strip("\n").split("\n"))
        items = [_item(index, json.loads(line), lines) for line in lines]
        if params.get("refresh") == "wait_for":
            index.refresh()
        failed = any("error" in result for item in items for result in item.values())
        return {"took": 1, "errors": failed, "items": items}


def _item(index: Index, action: Json, lines: Iterator[str]) -> Json:
    kind, its = the_one(action, "_bulk")
    only(its, {"_id"}, kind)
    id_ = its.get("_id")
    if kind == "delete":
        return {kind: {"_id": id_, "status": 200 if index.remove(id_) else 404}}
    if kind != "index":
        raise Refused(400, "illegal_argument_exception", f"unknown action [{kind}]")
    try:
        return {kind: {"_id": index.put(id_, json.loads(next(lines))), "status": 201}}
    except Refused as refused:
        return {kind: {"_id": id_, "status": refused.status, "error": refused.error}}


def _found(name: str, index: Index, body: Json, documents: Documents) -> Json:
    only(body, {"size", "query", "_source", "sort", "track_total_hits", "aggs"}, "_search")
    query = body.get("query")
    scores = run(query, documents, index.fields) if query else dict.fromkeys(documents, 1.0)
    order = sorted(scores, key=lambda id_: -scores[id_])
    if "sort" in body:
        by, direction = the_one(body["sort"][0], "sort")
        if direction != "asc":
            raise Refused(400, "parsing_exception", f"unknown order [{direction}]")
        order.sort(key=lambda id_: documents[id_][by])
    hits = [
        {"_index": name, "_id": id_, "_score": scores[id_], **_source(body, documents[id_])}
        for id_ in order[: body.get("size", 10)]
    ]
    total = {"value": len(scores), "relation": "eq"}
    found: dict[str, Any] = {"took": 1, "timed_out": False, "hits": {"total": total, "hits": hits}}
    if "aggs" in body:
        found["aggregations"] = _aggregated(body["aggs"], [documents[id_] for id_ in scores])
    return found


def _source(body: Json, document: Json) -> Json:
    wanted = body.get("_source", [*document])
    return {"_source": {name: document[name] for name in wanted}} if wanted else {}


def _aggregated(aggs: Json, documents: list[Json]) -> Json:
    name, asked = the_one(aggs, "aggs")
    kind, its = the_one(asked, "aggs")
    only(its, {"field", "precision_threshold"}, kind)
    if kind != "cardinality":
        raise Refused(400, "parsing_exception", f"unknown aggregation [{kind}]")
    return {name: {"value": len({document[its["field"]] for document in documents})}}


def _delete_by_query(index: Index, params: Json, body: Json) -> Json:
    only(params, {"refresh", "conflicts"}, "_delete_by_query")
    only(body, {"query"}, "_delete_by_query")
    ids = fitting(body["query"], index.look())
    for id_ in ids:
        index.remove(id_)
    if params.get("refresh") == "true":
        index.refresh()
    return {"deleted": len(ids), "failures": []}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *of: object) -> None:
        """Stay silent where a client hung up."""


@contextmanager
def running_opensearch(*, serverless: bool = False) -> Iterator[tuple[OpenSearch, str]]:
    """Listen while entered; return what stands there and its address."""
    standing = OpenSearch(serverless)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_it(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            standing.authorizations.append(self.headers.get("authorization", ""))
            try:
                status, told = standing.answer(self.command, self.path, body)
            except Refused as refused:
                status, told = refused.status, refused.body()
            content = json.dumps(told).encode() if self.command != "HEAD" else b""
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the parent
            """Stay silent."""

    for method in ("HEAD", "GET", "PUT", "POST", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.do_it)
    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield standing, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
