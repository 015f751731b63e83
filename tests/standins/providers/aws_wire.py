"""How AWS's runtime services speak: signed requests, shapes from botocore, event-stream frames."""

import base64
import json
import re
import struct
from binascii import crc32
from functools import cache
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator

from tests.standins.providers.server import Asked, Refused

ACCESS_KEY = "AKIAEXAMPLEEXAMPLE"
SECRET_KEY = "made-up-secret-of-aws"
SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)"
    r"/aws4_request, SignedHeaders=(?P<headers>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)


@cache
def service(name: str) -> ServiceModel:
    return botocore.session.Session().get_service_model(name)


def check_signature(asked: Asked, url: str, name: str) -> None:
    """Compute the signature as AWS would, with botocore's own signer."""
    said = SIGNED.fullmatch(asked.headers.get("authorization", ""))
    if said is None or said["key"] != ACCESS_KEY or said["service"] != name:
        raise Refused(403, "The request is not signed for this service.")
    covered = {key: asked.headers[key] for key in said["headers"].split(";")}
    request = AWSRequest("POST", url + asked.path, headers=covered, data=asked.raw)
    request.context["timestamp"] = asked.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), name, said["region"])
    wanted = signer.signature(
        signer.string_to_sign(request, signer.canonical_request(request)), request
    )
    if wanted != said["signature"]:
        raise Refused(403, "The request signature we calculated does not match.")


def check(shape: Shape | None, value: Any, place: str = "body") -> Any:
    """Return what the SDK would have been given; refuse names that the service doesn't know."""
    assert shape is not None
    if shape.type_name == "structure" and not getattr(shape, "is_document_type", False):
        members = shape.members  # type: ignore[attr-defined]  # only a structure has them
        wire = {each.serialization.get("name", name): name for name, each in members.items()}
        unknown = value.keys() - wire.keys() if isinstance(value, dict) else {"no object"}
        if unknown:
            raise Refused(400, f"{place}: unknown {sorted(unknown)}")
        return {
            wire[key]: check(members[wire[key]], each, f"{place}.{key}")
            for key, each in value.items()
        }
    if shape.type_name == "list":
        return [check(shape.member, each, f"{place}[]") for each in value]  # type: ignore[attr-defined]  # only a list has it
    return base64.b64decode(value) if shape.type_name == "blob" else value


def check_whole(shape: Shape | None, value: Any) -> None:
    """Check types and what is required as well."""
    assert shape is not None
    given = check(shape, value)
    report = ParamValidator().validate(given, shape)
    if report.has_errors():
        raise Refused(400, report.generate_report())


def frame(payload: bytes, **headers: str) -> bytes:
    """Encode one event."""
    head = b"".join(
        struct.pack("!B", len(name)) + name + b"\x07" + struct.pack("!H", len(text)) + text
        for name, text in (
            (f":{key.replace('_', '-')}".encode(), each.encode()) for key, each in headers.items()
        )
    )
    prelude = struct.pack("!II", 16 + len(head) + len(payload), len(head))
    whole = prelude + struct.pack("!I", crc32(prelude)) + head + payload
    return whole + struct.pack("!I", crc32(whole))


def event(name: str, value: object) -> bytes:
    payload = json.dumps(value).encode()
    return frame(payload, message_type="event", event_type=name, content_type="application/json")


def exception(name: str, message: str) -> bytes:
    payload = json.dumps({"message": message}).encode()
    kind = {"message_type": "exception", "exception_type": name}
    return frame(payload, **kind, content_type="application/json")


def path_parts(pattern: str, path: str) -> re.Match[str]:
    found = re.fullmatch(pattern, unquote(path))
    if found is None:
        raise Refused(404, f"no operation at {path}")
    return found
