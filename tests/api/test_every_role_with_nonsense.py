"""Every operation of the OpenAPI file, asked fitting and unfitting things by every kind of caller.

What comes back is held against the file itself, so a status, type or shape that it doesn't name
fails here. `LISA_TEST_EXAMPLES` asks for more examples than a few.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lisa.http.openapi import describe
from tests.api.rights import CALLERS, EXPECTED, PUBLIC
from tests.api.sockets import served
from tests.api.test_rights import MARK, World, app, built

__all__ = ["app"]

EXAMPLES: Final = max(12, int(os.environ.get("LISA_TEST_EXAMPLES", "0")) // 20)
DESCRIBED: Final = sorted(EXPECTED.keys() - {"GET /openapi.json"})
LAST: Final = ("owner", "admin")  # what they may remove, the others shall have seen before
ORDER: Final = (*(each for each in CALLERS if each not in LAST), *LAST)
HOLDING_AGAINST_THE_FILE: Final[list[CheckFunction]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLING_OTHERS: Final = re.compile(r"GET /tool-servers/.*/tools|POST /tool-servers/.*/test")
SECRET: Final = re.compile(r"lisa_[0-9a-f]{64}|\$argon2")
SHOWING_A_NEW_SECRET: Final = re.compile(r"POST /(tokens|api-tokens)(/|$)")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@dataclass(frozen=True)
class Lisa:
    """LISA behind a socket, and its description."""

    app: FastAPI
    url: str
    described: Any
    session: requests.Session


@pytest.fixture(scope="module")
def lisa(app: FastAPI) -> Iterator[Lisa]:
    with served(app) as port, requests.Session() as session:
        described = schemathesis.openapi.from_dict(describe())
        yield Lisa(app, f"http://127.0.0.1:{port}", described, session)


def cases(operation: Any) -> list[Case[Any]]:
    """Make some requests, the same in every run: half of them fit the description."""
    made: list[Case[Any]] = []
    forms = one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(forms)
    def collect(case: Case[Any]) -> None:
        made.append(case)

    collect()
    return made


def aimed(case: Case[Any], names: dict[str, str]) -> Case[Any]:
    """Let the request speak of alice's objects."""
    known = {name: names[name] for name in case.path_parameters if name in names}
    case.path_parameters = {**case.path_parameters, **known}
    return case


@pytest.mark.parametrize("route", DESCRIBED)
def test_no_nonsense_gets_anybody_more_than_is_declared(route: str, lisa: Lisa) -> None:
    world = asyncio.run(built(lisa.app))
    method, _, path = route.replace(":path}", "}").partition(" ")
    names = world.names | EXPECTED[route].about
    for number, case in enumerate(cases(lisa.described[path][method])):
        asked = aimed(case, names) if number % 2 else case
        for caller in ORDER:
            answer = ask(lisa, asked, world.credentials.get(caller))
            where = f"{route} as {caller}: {asked!r:.300} -> {answer.status_code} "
            as_described(asked, answer, where, away=is_away(route, answer))
            nothing_leaks(world, route, caller, answer, where)
            nobody_gets_more(route, caller, answer.status_code, where)


def ask(lisa: Lisa, case: Case[Any], credential: str | None) -> requests.Response:
    wanted = case.as_transport_kwargs(base_url=lisa.url)
    if credential:
        wanted["headers"] = {**wanted["headers"], "authorization": f"Bearer {credential}"}
    lisa.session.cookies.clear()
    return lisa.session.request(**wanted, timeout=10, allow_redirects=False)


def is_away(route: str, answer: requests.Response) -> bool:
    """Tell whether a route says, as it should, that the server it asks isn't there."""
    calls = CALLING_OTHERS.match(route) and answer.status_code == 503
    return bool(calls) and answer.json()["error"]["code"] == "tool_server_unavailable"


def as_described(
    case: Case[Any], answer: requests.Response, where: str, *, away: bool = False
) -> None:
    checks = HOLDING_AGAINST_THE_FILE[1:] if away else HOLDING_AGAINST_THE_FILE
    try:
        case.validate_response(answer, checks=checks)
    except FailureGroup as group:
        told = "\n".join(f"{each.title}: {each.message}" for each in group.exceptions)
        pytest.fail(f"{where}{answer.text[:300]}\n{told}")
    if answer.status_code >= 400:
        error = answer.json()["error"]
        assert error.keys() == {"code", "message", "next_step", "request_id"}, where
        assert all(isinstance(value, str) for value in error.values()), where
        assert error["code"], where
        assert error["request_id"] == answer.headers["x-request-id"], where


def nothing_leaks(
    world: World, route: str, caller: str, answer: requests.Response, where: str
) -> None:
    whole = f"{answer.headers} {answer.text}"
    sees_tokens = caller == "admin" and ("tokens" in route or "audit" in route)
    assert caller == "owner" or sees_tokens or MARK not in whole, where
    assert not [secret for secret in world.credentials.values() if secret in whole], where
    shows_a_new_one = answer.ok and SHOWING_A_NEW_SECRET.match(route)
    assert shows_a_new_one or not SECRET.search(whole), where
    assert "Traceback" not in whole, where


def nobody_gets_more(route: str, caller: str, status: int, where: str) -> None:
    if EXPECTED[route].statuses[caller] >= 400 or (caller == "anonymous" and route not in PUBLIC):
        assert status >= 400, where
