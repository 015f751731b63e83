"""The options that say on what a model shall run, and what they come to on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli.models.asked import pairs_in, replicas, seconds_in, source_in
from cli.models.options import Desired, Maximum, Minimum


@dataclass(frozen=True, kw_only=True)
class HostingOptions:
    """What was given; what wasn't is None or empty."""

    weights: Annotated[
        str,
        typer.Option(
            help="A folder where LISA runs, s3://BUCKET/PREFIX, or a hub's OWNER/NAME.",
            metavar="SOURCE",
        ),
    ] = ""
    revision: Annotated[str, typer.Option(help="A hub's branch, tag or commit.", metavar="R")] = ""
    trust_remote_code: Annotated[
        bool | None, typer.Option(help="Let the model's own Python code run.", show_default=False)
    ] = None
    option: Annotated[
        list[str] | None,
        typer.Option(help="An option of the engine; can be repeated.", metavar="NAME=V"),
    ] = None
    env: Annotated[
        list[str] | None,
        typer.Option(help="A variable of the engine; can be repeated.", metavar="NAME=V"),
    ] = None
    image: Annotated[
        str, typer.Option(help="A container image in place of the engine's own.", metavar="IMAGE")
    ] = ""
    instance_type: Annotated[str, typer.Option(help="On AWS, like g6.2xlarge.", metavar="TYPE")] = (
        ""
    )
    gpus: Annotated[
        int | None,
        typer.Option(help="GPUs of each replica.", min=0, metavar="N", show_default=False),
    ] = None
    disk: Annotated[
        int | None,
        typer.Option(help="Disk on AWS in GB.", min=30, metavar="GB", show_default=False),
    ] = None
    minimum: Minimum = None
    maximum: Maximum = None
    desired: Desired = None
    idle: Annotated[
        str,
        typer.Option(
            help="Stop it when nobody called it for so long: 30m, 2h; or never.", metavar="T"
        ),
    ] = ""

    def texts(self) -> dict[str, str]:
        """Return the engine's options as they were written."""
        return pairs_in(self.option, "--option")

    def variables(self) -> dict[str, str]:
        """Return the engine's variables."""
        return pairs_in(self.env, "--env")

    def loaded(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """Return the weights; others don't inherit a revision, nor the trust in their code."""
        kept = {} if self.weights else now
        given = _given(
            source=source_in(self.weights),
            revision=self.revision,
            trustRemoteCode=self.trust_remote_code,
        )
        return {**kept, **given}

    def scaling(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """Return how many replicas there may be."""
        return replicas(self.minimum, self.maximum, self.desired, now)

    def machine(self) -> dict[str, Any]:
        """Return what was said of the machine, and of when it is given up."""
        idle = {"idleSeconds": seconds_in(self.idle)} if self.idle else {}
        given = _given(
            image=self.image, instanceType=self.instance_type, gpus=self.gpus, diskGb=self.disk
        )
        return {**given, **idle}


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None and value != ""}
