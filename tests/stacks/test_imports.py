"""Importing the stacks does nothing but define them."""

import os

from tests.architecture.importing import import_all, modules_below


def test_the_stacks_import_with_nothing_but_a_path_and_a_home() -> None:
    """The jsii library starts Node when it is imported and gives it a folder of its own."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME")}
    jsii = "subprocess.Popen,os.mkdir,os.remove"
    assert import_all([*modules_below("stacks"), "app"], environment, jsii) == ""
