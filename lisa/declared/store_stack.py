"""The stack of one repository's store as both sides know it: its parameters, outputs and marks."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from lisa.domain.frozen import Frozen

# Every resource bears it with the repository's uid; leftovers are found by it.
TAG: Final = "lisa:store"


class StoreTemplate(StrEnum):
    """What a store can be made of."""

    RDS = "rds"
    AURORA = "aurora"
    DOMAIN = "opensearch-domain"
    SERVERLESS = "opensearch-serverless"


class StoreParameter(StrEnum):
    """What a template asks for, beside the options of its kind."""

    NAME = "Name"
    VPC = "Vpc"
    SUBNETS = "Subnets"
    CALLERS_GROUP = "CallersGroup"
    CALLERS = "Callers"
    LOGIN = "Login"
    KEEP = "Keep"
    ENDPOINT = "Endpoint"
    KEY = "Key"


class StoreOutput(StrEnum):
    """What a stack tells of itself."""

    ADDRESS = "Address"
    LOGIN = "LoginName"


class StoreSite(Frozen):
    """Where a deployment puts the stacks of its stores; whoever only looks needs only its name.

    `role` is what CloudFormation acts as; `callers` the roles that ask stores and `callers_group`
    the security group they are in. `templates` are keys in `template_bucket`. Logins of stores are
    kept under names that begin with `secrets_prefix`. `endpoint` is the network's one way to
    OpenSearch Serverless, if it has one; `key` is the ARN of what data is encrypted with, if not
    with AWS's own.
    """

    deployment: str
    arns: str = ""  # how ARNs of this account go on after their service: `REGION:ACCOUNT`
    partition: str = "aws"
    vpc: str = ""
    subnets: tuple[str, ...] = ()
    callers_group: str = ""
    callers: tuple[str, ...] = ()
    role: str = ""
    template_bucket: str = ""
    templates: Mapping[StoreTemplate, str] = {}
    secrets_prefix: str = ""
    endpoint: str = ""
    key: str = ""
    keep: bool = True  # protected against being deleted by anybody but us


def stores_of(deployment: str) -> str:
    """Return how the names of a deployment's stores' stacks begin, and of what is in them."""
    return f"{deployment}-store-"


def short_names_of(deployment: str) -> str:
    """Return how names begin that can't be long: 28 letters are all that a domain may have."""
    return f"{deployment[:9].rstrip('-')}-{_digest(deployment)[:6]}-"


def short_name(deployment: str, uid: str) -> str:
    """Return a short name that no other store has."""
    return f"{short_names_of(deployment)}{_digest(uid)[:11]}"


def template_name(kind: StoreTemplate) -> str:
    """Return the file that holds a kind's template."""
    return f"store-{kind}.template.json"


def parameter_of(option: str) -> str:
    """Return the parameter that takes an option."""
    return "".join(word.capitalize() for word in option.split("_"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
