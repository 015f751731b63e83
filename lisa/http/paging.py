"""Long answers in pages: how a caller asks for the next, and the `Link` header that names it."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str, Query(max_length=4096, description="`next_cursor` of the page before.")]


def next_page(request: Request, **query: str) -> str:
    """Return a `Link` header value that leads to the same path with this query."""
    root = request.scope.get("root_path", "")
    path = request.url.path
    whole = path if path.startswith(f"{root}/") else f"{root}{path}"
    return f'<{whole}?{urlencode(query)}>; rel="next"'
