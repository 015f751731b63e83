"""A folder of bundles as `make bundles` leaves it, and a synthesis that can reach nothing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import DOORS
from lisa.declared.serve_function import SERVE_FUNCTION
from stacks.constructs.bundle_building import zip_name
from stacks.constructs.sources import PRODUCTION
from tests.stacks.conftest import ROOT

REACHES_NOTHING = """
import sys
def refuse(event, _):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise OSError("there is no network")
sys.addaudithook(refuse)
"""
SYNTHESISE = """
import sys
from pathlib import Path
import aws_cdk as cdk
from deployment.config.reading import choose
from stacks.deployment import compose
file, bundles, out = sys.argv[1:]
chosen = choose(Path(file), options={"artifacts.bundles": bundles})
app = cdk.App(outdir=out, analytics_reporting=False, builtin_cloud_formation_validation=False)
compose(app, chosen.config)
app.synth()
"""
NODE_REACHES_NOTHING = """
const refuse = () => { throw new Error("there is no network"); };
require("net").Socket.prototype.connect = refuse;
require("dns").lookup = refuse;
"""


def with_bundles(config: DeploymentConfig, bundles: Path) -> DeploymentConfig:
    """Return the configuration with its folder of bundles there, where it wants one."""
    if not config.artifacts.bundles:
        return config
    given = config.artifacts.model_copy(update={"bundles": bundles})
    return config.model_copy(update={"artifacts": given})


def empty_bundles_in(folder: Path) -> Path:
    """Fill a folder with zips of the right names: while synthesising nobody looks into them."""
    folder.mkdir(exist_ok=True)
    for door in (*DOORS, SERVE_FUNCTION):
        (folder / zip_name(door, PRODUCTION)).write_bytes(b"PK\5\6" + bytes(18))
    return folder


def synthesise_alone(config: Path, bundles: Path, out: Path) -> None:
    """Synthesise where there is Node and nothing else: no uv, npm or docker, and no network."""
    programs, blocked = out.parent / "programs", out.parent / "blocked.js"
    programs.mkdir()
    (programs / "node").symlink_to(shutil.which("node") or "there is no Node")
    blocked.write_text(NODE_REACHES_NOTHING)
    offline = {"UV_OFFLINE": "1", "UV_NO_CACHE": "1", "PIP_NO_INDEX": "1"}
    options = {
        "NODE_OPTIONS": f"--require={blocked}",
        "CDK_CONTEXT_JSON": json.dumps(json.loads((ROOT / "cdk.json").read_text())["context"]),
        "HOME": os.environ["HOME"],
    }
    subprocess.run(
        [sys.executable, "-c", REACHES_NOTHING + SYNTHESISE, config, bundles, out],
        cwd=ROOT,
        env={"PATH": str(programs), **options, **offline},
        check=True,
    )
