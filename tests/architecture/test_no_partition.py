"""What runs is at home in every partition of AWS."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.checkout import files, shown, tree

RUNS = ("lisa", "lambdas", "containers", "local", "stacks")
# A service that acts has this name everywhere; also where it ends a text, or begins a longer one.
SERVICE = re.compile(r"(.*[:/])?([a-z0-9-]+(\.[a-z-]+)?)?\.amazonaws\.com(/\*|/AWSServiceRole.*)?")


def texts_with(word: str) -> Iterator[tuple[str, str]]:
    """Yield every text of the code that has this word, but docstrings, beside where it is."""
    for file in files(*RUNS, suffix=".py"):
        if word not in file.read_text():
            continue
        nodes = [*ast.walk(tree(file))]
        for_readers = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            if not isinstance(node, ast.Constant) or id(node) in for_readers:
                continue
            if isinstance(node.value, str) and word in node.value:
                yield f"{shown(file)}:{node.lineno}", node.value


def test_no_code_names_a_partition_in_an_arn() -> None:
    assert [place for place, text in texts_with("arn:aws")] == []


def test_code_names_hosts_of_aws_only_as_services_that_act() -> None:
    found = [*texts_with("amazonaws")]

    assert found
    assert [place for place, text in found if not SERVICE.fullmatch(text)] == []
