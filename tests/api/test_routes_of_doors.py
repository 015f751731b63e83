"""Each function on AWS imports and serves its own routes; one describes those of all."""

import subprocess
import sys

import pytest
from starlette.routing import Route

from lisa.bootstrap.admin import whole_description
from lisa.http.app import description
from lisa.http.planes.administration import AUDIT, CONFIGURATION, IDENTITY, USAGE
from lisa.http.planes.chat import PROMPTS, SESSIONS
from lisa.http.planes.knowledge import KNOWLEDGE
from lisa.http.planes.models import MODELS
from lisa.http.planes.tools import TOOL_SERVERS

SERVED = {
    "admin": IDENTITY + CONFIGURATION + AUDIT + USAGE,
    "sessions": SESSIONS + PROMPTS,
    "models": MODELS,
    "tools": TOOL_SERVERS,
    "repository": KNOWLEDGE,
}
SLOW_TO_IMPORT = ("aiohttp", "mcp", "mcp_types", "opensearchpy", "psycopg", "docx", "pypdfium2")
IMPORTED = "import sys, lambdas.{door}.handler; print(*sys.modules)"


@pytest.mark.parametrize("door", SERVED)
def test_a_start_imports_neither_routes_of_other_doors_nor_clients_that_few_calls_need(
    door: str,
) -> None:
    command = [sys.executable, "-c", IMPORTED.format(door=door)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    planes = {each for each in said if each.startswith("lisa.http.planes.")}
    assert len(planes) == 1
    assert not {"lisa.http.app", *SLOW_TO_IMPORT} & {*said}


def test_together_doors_serve_every_route_but_those_of_local_accounts() -> None:
    routes = [route for routers in SERVED.values() for each in routers for route in each.routes]
    served = {route.path_format for route in routes if isinstance(route, Route)}
    assert served == {*description(accounts=False)["paths"]}


def test_the_door_of_administration_describes_those_of_all() -> None:
    assert whole_description(accounts=False) == description(accounts=False)
