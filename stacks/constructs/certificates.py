"""Certificates that a deployment trusts besides the usual ones, and how its programs find them."""

import ssl
from pathlib import Path
from typing import Final

from deployment.config.account import ArtifactsConfig

FILE: Final = "certificates.pem"
IN_FUNCTION: Final = f"/var/task/{FILE}"
IN_CONTAINER: Final = f"/opt/lisa/{FILE}"
READ_FROM: Final = ("SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


def own_certificates(artifacts: ArtifactsConfig) -> bytes:
    """Return those that the configuration names; nothing where it names none."""
    return artifacts.ca_bundle.read_bytes() if artifacts.ca_bundle else b""


def trusting(artifacts: ArtifactsConfig, file: str) -> dict[str, str]:
    """Return the variables by which Python's programs trust that file; none without own ones."""
    return dict.fromkeys(READ_FROM, file) if artifacts.ca_bundle else {}


def with_those_of_this_machine(own: bytes) -> bytes:
    """Return them after those that programs on this machine trust anyway."""
    usual = ssl.get_default_verify_paths().cafile
    return (Path(usual).read_bytes() if usual else b"") + b"\n" + own
