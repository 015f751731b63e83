"""Builds what functions run: a zip for each door, so that deploying fetches nothing.

`python -m tools.bundles config/NAME.yaml` fills the folder that its `artifacts.bundles` names. What
is there of this very version stays; what is of another goes. uv takes packages from the index that
UV_DEFAULT_INDEX (or UV_INDEX_URL) names, and trusts `artifacts.ca_bundle` besides the usual.
"""

import sys
import tempfile
from pathlib import Path

from deployment.config.reading import read_config
from lisa.declared.doors import DOORS
from lisa.declared.serve_function import SERVE_FUNCTION
from lisa.domain.errors import Invalid, LisaError
from stacks.constructs.bundle_building import build_bundle, pack, zip_name
from stacks.constructs.certificates import own_certificates
from stacks.constructs.sources import PRODUCTION


def fill(folder: Path, certificates: bytes) -> None:
    """Bring the folder to exactly the bundles of this version."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {zip_name(door, PRODUCTION, certificates): door for door in (*DOORS, SERVE_FUNCTION)}
    for other in folder.glob("*.zip"):
        if other.name not in wanted:
            other.unlink()
    for name, door in wanted.items():
        if not (folder / name).exists():
            with tempfile.TemporaryDirectory() as built:
                build_bundle(door, PRODUCTION, Path(built), certificates)
                pack(Path(built), folder / name)
        sys.stdout.write(f"{folder / name}\n")


def main() -> int:
    """Build the bundles of the configuration named on the command line."""
    try:
        file = Path(*sys.argv[1:])
        artifacts = read_config(file).artifacts
        if not artifacts.bundles:
            raise Invalid(f"{file} names no folder for bundles", next_step="set artifacts.bundles")
        fill(artifacts.bundles, own_certificates(artifacts))
    except LisaError as error:
        sys.stderr.write(f"{error.message}\n{error.next_step}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
