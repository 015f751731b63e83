"""The committed OpenAPI file is the one the routers declare."""

import json

from lisa.http.openapi import FILE, describe


def test_the_committed_description_is_the_one_the_routes_have() -> None:
    assert json.loads(FILE.read_text()) == describe(), "run `make api` and commit the result"
