"""Writes the templates of models, one for each engine: `-m stacks.model_templates FOLDER`."""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk

from lisa.declared.engines import ENGINES
from lisa.declared.model_stack import template_name
from lisa.domain.hosting import EngineName
from stacks.model_stack import ModelStack

STRICT: Final = {
    "@aws-cdk/core:validateAgainstDefaultRules": True,
    "@aws-cdk/core:target-partitions": ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b"],
}
BARE: Final = {"aws:cdk:enable-path-metadata": False, "aws:cdk:enable-asset-metadata": False}


def synthesised(*, validate: bool = True) -> Mapping[EngineName, dict[str, Any]]:
    """Return every template; what the CDK's own rules find in one is an error."""
    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(
            outdir=folder,
            # What the command line sets for the deployment must not swell these.
            post_cli_context={**STRICT, **BARE},
            analytics_reporting=False,
            builtin_cloud_formation_validation=validate,
        )
        stacks = {
            engine: ModelStack(app, template_name(engine).split(".")[0], told)
            for engine, told in ENGINES.items()
        }
        app.synth()
        return {
            engine: json.loads(Path(folder, stack.template_file).read_text())
            for engine, stack in stacks.items()
        }


def write(folder: Path) -> None:
    """Write every template into a folder, without the blanks that CloudFormation would count."""
    folder.mkdir(parents=True, exist_ok=True)
    for engine, template in synthesised().items():
        written = json.dumps(template, separators=(",", ":"), sort_keys=True)
        (folder / template_name(engine)).write_text(written)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
