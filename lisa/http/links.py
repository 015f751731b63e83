"""Where a long answer goes on: the `Link` header."""

from urllib.parse import urlencode

from fastapi import Request


def next_page(request: Request, **query: str) -> str:
    """Return a `Link` header value that leads to the same path with this query."""
    root = request.scope.get("root_path", "")
    path = request.url.path
    whole = path if path.startswith(f"{root}/") else f"{root}{path}"
    return f'<{whole}?{urlencode(query)}>; rel="next"'
