"""Files and functions stay small enough to be read once."""

import ast
from pathlib import Path
from statistics import quantiles

from tests.architecture.checkout import ROOT, files, product_files, shown, tree

LINES_OF_CODE, LINES_OF_TESTS, LINES_OF_TSX = 300, 400, 250
LINES_OF_FUNCTION, NINE_OF_TEN_FUNCTIONS = 40, 25
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def functions(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree(file)) if isinstance(node, kinds)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_test(file: Path) -> bool:
    return shown(file).startswith("tests/")


def test_no_python_file_is_longer_than_a_sitting() -> None:
    limits = {
        file: LINES_OF_TESTS if is_test(file) else LINES_OF_CODE for file in files(suffix=".py")
    }
    assert [f"{shown(file)}: {lines(file)}" for file in limits if lines(file) > limits[file]] == []


def test_no_screen_of_the_ui_is_longer_than_a_sitting() -> None:
    screens = files("ui", suffix=".tsx")
    assert [f"{shown(file)}: {lines(file)}" for file in screens if lines(file) > LINES_OF_TSX] == []


def test_no_function_is_longer_than_a_page() -> None:
    found = [
        f"{shown(file)}:{function.lineno} {function.name}: {length(function)}"
        for file in files(suffix=".py")
        for function in functions(file)
        if length(function) > LINES_OF_FUNCTION
    ]
    assert found == []


def test_nine_of_ten_functions_of_the_product_are_short() -> None:
    lengths = [length(function) for file in product_files() for function in functions(file)]
    assert quantiles(lengths, n=10)[-1] <= NINE_OF_TEN_FUNCTIONS


def test_no_name_says_that_anything_may_lie_inside() -> None:
    paths = [file.relative_to(ROOT) for file in files()]
    places = {place for path in paths for place in (path, *path.parents)}
    assert [str(each) for each in sorted(places) if each.stem.lower() in FORBIDDEN_NAMES] == []


def test_every_room_of_the_product_says_in_its_first_sentence_what_it_is_for() -> None:
    """An `__init__.py` without code has nothing to say."""
    silent = [
        shown(file)
        for file in product_files()
        if not ast.get_docstring(tree(file))
        and not (file.stem == "__init__" and not tree(file).body)
    ]
    assert silent == []
