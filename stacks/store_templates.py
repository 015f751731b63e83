"""Writes the templates of stores, one for each kind: `-m stacks.store_templates FOLDER`."""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from lisa.declared.store_stack import StoreTemplate, template_name
from stacks.model_templates import BARE, STRICT
from stacks.store_stack import StoreStack


def synthesised(*, validate: bool = True) -> Mapping[StoreTemplate, dict[str, Any]]:
    """Return every template; what the CDK's own rules find in one is an error."""
    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(
            outdir=folder,
            post_cli_context={**STRICT, **BARE},
            analytics_reporting=False,
            builtin_cloud_formation_validation=validate,
        )
        stacks = {
            kind: StoreStack(app, template_name(kind).split(".")[0], kind) for kind in StoreTemplate
        }
        app.synth()
        return {
            kind: json.loads(Path(folder, stack.template_file).read_text())
            for kind, stack in stacks.items()
        }


def write(folder: Path) -> None:
    """Write every template into a folder, without the blanks that CloudFormation would count."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, template in synthesised().items():
        written = json.dumps(template, separators=(",", ":"), sort_keys=True)
        (folder / template_name(kind)).write_text(written)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
