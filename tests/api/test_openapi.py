"""The committed OpenAPI file is the one the routers declare."""

import json
from typing import Any, cast

from lisa.http.app import routers_of
from lisa.http.openapi import FILE, describe
from lisa.http.services import Services
from lisa.http.strict_json import StrictRoute


def test_the_committed_description_is_the_one_the_routes_have() -> None:
    assert json.loads(FILE.read_text()) == describe(), "run `make api` and commit the result"


def test_every_route_reads_its_body_strictly() -> None:
    nothing = cast("Any", object())
    services = Services(nothing, sessions=nothing, identity=nothing, models=nothing, usage=nothing)
    routers = routers_of(services)
    routes = [route for router in routers for route in router.routes]
    assert routes
    assert [route for route in routes if not isinstance(route, StrictRoute)] == []
