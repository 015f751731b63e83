"""Failures are told by one family of errors, and every door that exists can tell each of them."""

import ast
import importlib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from cli import errors as command_line
from lambdas.authorizer.answers import refuse
from lisa.domain.errors import Forbidden, LisaError, Unauthenticated
from lisa.http import errors as control_api
from tests.architecture.checkout import files, module_name, product_files, shown, tree

# Only where a failure would otherwise leave the program: the doors' outermost edges.
DOORS = (
    "lambdas/",
    "containers/",
    "local/",
    "cli/main.py",
    "lisa/http/errors.py",
    "lisa/gateway/app.py",
)
EVERYTHING = {"Exception", "BaseException"}


def named(node: ast.expr | None) -> set[str]:
    """List the classes an `except` or a `suppress` takes."""
    if node is None:
        return {"BaseException"}
    return {
        ast.unparse(each).split(".")[-1] for each in ast.walk(node) if isinstance(each, ast.expr)
    }


def broad_places(file: Path) -> Iterator[str]:
    """Find what takes every failure, our own bugs included."""
    for node in ast.walk(tree(file)):
        taken: set[str] = set()
        if isinstance(node, ast.ExceptHandler):
            taken = named(node.type)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "suppress":
            taken = {name for argument in node.args for name in named(argument)}
        if taken & EVERYTHING:
            yield f"{shown(file)}:{getattr(node, 'lineno', 0)}"


def test_only_the_edge_of_a_door_takes_every_failure() -> None:
    inner = [file for file in product_files() if not shown(file).startswith(DOORS)]
    assert [place for file in inner for place in broad_places(file)] == []


def family(kind: type[LisaError] = LisaError) -> Iterator[type[LisaError]]:
    """Walk the whole tree of errors, those defined outside the domain too."""
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


def test_the_family_of_errors_lives_in_one_file() -> None:
    for file in files("lisa", suffix=".py"):
        importlib.import_module(module_name(file))
    assert {kind.__module__ for kind in family()} == {"lisa.domain.errors"}


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in family()]
    assert sorted(codes) == sorted(set(codes))


def example(kind: type[LisaError]) -> LisaError:
    """Make an error of a kind; some kinds write their own message."""
    try:
        return kind("what happened", next_step="what to do")
    except TypeError:
        return kind()  # type: ignore[call-arg]  # exactly the kinds that need no message


@pytest.mark.parametrize("kind", tuple(family()), ids=lambda kind: kind.__name__)
def test_the_control_api_tells_every_error_with_a_true_status(kind: type[LisaError]) -> None:
    error = example(kind)
    status, body = control_api.render(error)
    assert (status == HTTPStatus.INTERNAL_SERVER_ERROR) == (kind is LisaError)
    assert status >= HTTPStatus.BAD_REQUEST
    told = body["error"]
    assert isinstance(told, dict)
    assert told["code"] == error.precise_code
    assert told["message"] == error.message
    assert told["next_step"] == error.next_step


@pytest.mark.parametrize("kind", tuple(family()), ids=lambda kind: kind.__name__)
def test_the_command_line_tells_every_error_to_people_and_to_programs(
    kind: type[LisaError],
) -> None:
    error = example(kind)
    told = {"code": error.precise_code, "message": error.message, "next_step": error.next_step}
    exit_code, text = command_line.render(error)
    assert exit_code > 0
    assert error.message in text
    assert error.next_step in text
    assert command_line.document(error) == {"error": told}


@pytest.mark.parametrize("kind", tuple(family()), ids=lambda kind: kind.__name__)
def test_the_authorizer_lets_nobody_pass_on_an_error(kind: type[LisaError]) -> None:
    method = "arn:aws:execute-api:eu-west-1:1:abc/api/GET/sessions"
    if issubclass(kind, Forbidden) and kind is not Unauthenticated:
        policy = refuse(example(kind), method)["policyDocument"]
        assert [statement["Effect"] for statement in policy["Statement"]] == ["Deny"]
        return
    with pytest.raises(kind) as raised:
        refuse(example(kind), method)
    assert (str(raised.value) == "Unauthorized") == (kind is Unauthenticated)
