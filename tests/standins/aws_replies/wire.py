"""What calls and answers look like on the wire, by the models that AWS's own clients go by."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

import botocore.session
from botocore.model import OperationModel, ServiceModel
from moto.core.model import ServiceModel as SerialisedModel
from moto.core.serialize import get_serializer_class

SCOPE: Final = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<name>[^/]+)/")
SERVICES: Final = {  # where the name that a call is signed for is another
    "elasticloadbalancing": "elbv2",
    "servicequotas": "service-quotas",
    "tagging": "resourcegroupstaggingapi",
}
XML_ERROR: Final = {
    "query": "<ErrorResponse><Error><Type>Sender</Type>{}</Error></ErrorResponse>",
    "ec2": "<Response><Errors><Error>{}</Error></Errors><RequestID>1</RequestID></Response>",
    "rest-xml": "<Error>{}</Error>",
}


@dataclass(frozen=True)
class Refusal:
    """What a service answers in place of what was asked for."""

    code: str
    message: str = ""
    status: int = 400


@dataclass(frozen=True)
class Call:
    """One call: of which operation of which service, where, and with which words in it."""

    service: str
    operation: str
    region: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_call(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Find out what is asked."""
    signed = SCOPE.search(headers.get("Authorization", ""))
    if signed is None:
        raise ValueError("a call that isn't signed")
    service = SERVICES.get(signed["name"], signed["name"])
    protocol = model_of(service).resolved_protocol
    given: Mapping[str, Any] = dict(parse_qsl(urlsplit(path).query))
    if protocol == "json":
        operation = headers["X-Amz-Target"].rpartition(".")[2]
        given = json.loads(body or b"{}")
    elif protocol in ("query", "ec2"):
        given = dict(parse_qsl(body.decode()))
        operation = given["Action"]
    else:
        operation, parts = _by_path(service, method, path)
        given = {**given, **parts}
    return Call(service, operation, signed["region"], given)


def write_result(call: Call, result: Mapping[str, Any]) -> Answer:
    """Write what a service answers."""
    told = SerialisedModel(_loaded(call.service), call.service)
    serializer = get_serializer_class(call.service, str(told.resolved_protocol))
    written = serializer(told.operation_model(call.operation)).serialize(result)
    body = written["body"]
    headers = {name: str(value) for name, value in written["headers"].items()}
    return Answer(written["status_code"], headers, body.encode() if isinstance(body, str) else body)


def write_refusal(call: Call, refusal: Refusal) -> Answer:
    """Write why a service doesn't."""
    protocol = str(model_of(call.service).resolved_protocol)
    if protocol in XML_ERROR:
        inner = f"<Code>{escape(refusal.code)}</Code><Message>{escape(refusal.message)}</Message>"
        text = XML_ERROR[protocol].format(inner)
        return Answer(refusal.status, {"Content-Type": "text/xml"}, text.encode())
    words = json.dumps({"__type": refusal.code, "message": refusal.message})
    told = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": refusal.code}
    return Answer(refusal.status, told, words.encode())


@cache
def model_of(service: str) -> ServiceModel:
    """Return the model that the client of a service goes by."""
    return botocore.session.get_session().get_service_model(service)


@cache
def _loaded(service: str) -> Any:
    return (
        botocore.session.get_session()
        .get_component("data_loader")
        .load_service_model(service, "service-2")
    )


def _by_path(service: str, method: str, path: str) -> tuple[str, Mapping[str, str]]:
    """Find the operation whose address this is, the longest one first."""
    parts = urlsplit(path)
    model = model_of(service)
    known = [model.operation_model(name) for name in model.operation_names]
    for operation in sorted(known, key=lambda each: -len(each.http["requestUri"])):
        found = _pattern(operation).fullmatch(unquote(parts.path))
        if operation.http["method"] == method and found and _asks(operation, parts.query):
            return operation.name, found.groupdict()
    raise ValueError(f"{service} has no operation {method} {path}")


def _pattern(operation: OperationModel) -> re.Pattern[str]:
    address = operation.http["requestUri"].partition("?")[0]
    text = re.sub(r"\\{(\w+)(\\\+)?\\}", r"(?P<\1>[^?]+)", re.escape(address))
    return re.compile(text.rstrip("/") + "/?")


def _asks(operation: OperationModel, query: str) -> bool:
    """Compare the words of a query by which S3 tells operations apart."""
    wanted = operation.http["requestUri"].partition("?")[2]
    return not wanted or wanted in query
