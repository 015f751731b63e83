"""Lets stores that templates make lead to servers on loopback, which whoever starts us stands up.

Run by the emulator's interpreter, beside `serve`; each hook has a smoke test as those there.
"""

import json
import os
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

# Not in our environment: the emulator has one of its own.
from ministack.core import iam_actions  # type: ignore[import-not-found] # see above
from ministack.services import (  # type: ignore[import-not-found] # see above
    iam,
    opensearch,
    opensearchserverless,
    rds,
)
from ministack.services.cloudformation import (  # type: ignore[import-not-found] # see above
    handlers,
    provisioners,
)

Made = tuple[str, dict[str, Any]]
SECONDS: Final = 30
NOBODY: Final = 9  # a port at which nothing listens
POLICIES: Final = {
    "AWS::OpenSearchServerless::AccessPolicy": "access",
    "AWS::OpenSearchServerless::SecurityPolicy": "security",
}


def lead_to_stores() -> None:
    """Do all of it."""
    _wrap("AWS::RDS::DBCluster", rds._clusters, _served_cluster)
    _wrap("AWS::RDS::DBInstance", rds._instances, _served_instance)
    _wrap("AWS::OpenSearchService::Domain", opensearch._domains, _served_domain)
    _know_serverless()
    _tell_of_no_tls()
    _know_linked_roles()


def _address(kind: str) -> str:
    """Return what stands behind stores of a kind; empty where nobody does."""
    file = Path(os.environ["STORES_FILE"])
    return str(json.loads(file.read_text()).get(kind, "")) if file.exists() else ""


def _wrap(kind: str, records: Any, served: Callable[[Any], dict[str, str]]) -> None:
    """Change what is made of a resource, and refuse to delete what is protected."""
    resource = provisioners._RESOURCE_HANDLERS[kind]
    create, delete = resource["create"], resource["delete"]

    def created(*wanted: Any) -> Made:
        name, told = create(*wanted)
        try:
            return name, told | served(records[name])
        except ValueError:
            del records[name]
            raise

    def deleted(name: str, properties: dict[str, Any]) -> None:
        record = records.get(name) or {}
        if record.get("DeletionProtection"):
            raise ValueError(f"{kind} {name} is protected against being deleted")
        delete(name, properties)
        if port := record.get("_Port"):
            _ask("DELETE", {"port": port})

    resource |= {"create": created, "delete": deleted}


def _served_instance(record: dict[str, Any]) -> dict[str, str]:
    if cluster := rds._clusters.get(record["DBClusterIdentifier"]):
        place = {"host": cluster["Endpoint"], "port": cluster["Port"]}
    else:
        place = _database(record["DBName"], record)
    record["Endpoint"] |= {"Address": place["host"], "Port": place["port"]}
    return _endpoint(place)


def _served_cluster(record: dict[str, Any]) -> dict[str, str]:
    place = _database(record["DatabaseName"], record)
    record |= {"Endpoint": place["host"], "ReaderEndpoint": place["host"], "Port": place["port"]}
    return _endpoint(place) | {"ReadEndpoint.Address": place["host"]}


def _endpoint(place: dict[str, Any]) -> dict[str, str]:
    return {"Endpoint.Address": place["host"], "Endpoint.Port": str(place["port"])}


def _database(name: str, record: dict[str, Any]) -> dict[str, Any]:
    """Have a database made; where nobody makes some, its address leads nowhere."""
    if not _address("rds"):
        return {"host": "127.0.0.1", "port": NOBODY}
    login, password = record["MasterUsername"], record["_MasterUserPassword"]
    place = _ask("POST", {"database": name, "login": login, "password": password})
    if "refusal" in place:
        raise ValueError(place["refusal"])
    record["_Port"] = place["port"]
    return place


def _ask(method: str, asked: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - loopback, as told by whoever started us
        _address("rds"), json.dumps(asked).encode(), method=method
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - see above
        return dict(json.load(answer))


def _served_domain(record: dict[str, Any]) -> dict[str, str]:
    record["Endpoint"] = _address("opensearch").removeprefix("http://") or f"127.0.0.1:{NOBODY}"
    return {"DomainEndpoint": record["Endpoint"]}


def _tell_of_no_tls() -> None:
    """Let stacks that tell where they answer over TLS tell what is spoken here."""
    describe = handlers._ACTION_HANDLERS["DescribeStacks"]

    def described(asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = describe(asked)
        return status, headers, body.replace(b"https://127.0.0.1:", b"http://127.0.0.1:")

    handlers._ACTION_HANDLERS["DescribeStacks"] = described


def _know_linked_roles() -> None:
    """Tell policies of the role that a service is let make for itself."""
    arn, known = iam_actions.extract_resource_arn, iam_actions.request_tag_context

    def named(service: str, *asked: Any) -> str:
        *_, body, _, _, account = asked
        linked = _linked(service, body)
        role = f"arn:aws:iam::{account}:role/aws-service-role/{linked}/AWSServiceRole"
        return role if linked else str(arn(service, *asked))

    def told(service: str, action: str, body: bytes, parameters: Any) -> dict[str, Any]:
        linked = _linked(service, body)
        own = {"iam:AWSServiceName": linked} if linked else {}
        return dict(known(service, action, body, parameters)) | own

    iam_actions.extract_resource_arn, iam_actions.request_tag_context = named, told
    make = iam._IAM_HANDLERS["CreateServiceLinkedRole"]

    def made(asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = make(asked)
        said = body.replace(b"EntityAlreadyExists", b"InvalidInput")
        return status, headers, said.replace(b"already exists", b"has been taken in this account")

    iam._IAM_HANDLERS["CreateServiceLinkedRole"] = made


def _linked(service: str, body: bytes) -> str:
    return parse_qs(body.decode()).get("AWSServiceName", [""])[0] if service == "iam" else ""


def _know_serverless() -> None:
    """Make collections and their policies by templates, as by the service's own API."""
    known = provisioners._RESOURCE_HANDLERS
    for kind, word in POLICIES.items():
        known[kind] = _policies(word)
    known["AWS::OpenSearchServerless::Collection"] = {
        "create": _collection,
        "update": lambda name, _old, _new, _stack: (name, {}),
        "delete": lambda name, _: _called("DeleteCollection", {"id": name}),
    }


def _policies(word: str) -> dict[str, Any]:
    kind = f"{word.title()}Policy"

    def created(_: str, wanted: dict[str, Any], __: str) -> Made:
        _called(f"Create{kind}", _as_asked(wanted))
        return f"{wanted['Type']}|{wanted['Name']}", {}

    def deleted(name: str, _: dict[str, Any]) -> None:
        kind_of_it, its_name = name.split("|")
        _called(f"Delete{kind}", {"type": kind_of_it, "name": its_name})

    return {
        "create": created,
        "update": lambda name, _old, _new, _stack: (name, {}),
        "delete": deleted,
    }


def _collection(_: str, wanted: dict[str, Any], __: str) -> Made:
    told = _called("CreateCollection", _as_asked(wanted))["createCollectionDetail"]
    record = opensearchserverless._collections[told["id"]]
    endpoint = _address("serverless") or record["collectionEndpoint"]
    record["collectionEndpoint"] = endpoint
    return told["id"], {"Arn": told["arn"], "Id": told["id"], "CollectionEndpoint": endpoint}


def _as_asked(wanted: dict[str, Any]) -> dict[str, Any]:
    """Write a resource's properties as the API has them."""
    asked = {name[0].lower() + name[1:]: value for name, value in wanted.items()}
    if "tags" in asked:
        asked["tags"] = [{"key": each["Key"], "value": each["Value"]} for each in asked["tags"]]
    return asked


def _called(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    _, _, body = opensearchserverless._HANDLERS[operation](asked)
    return dict(json.loads(body))
