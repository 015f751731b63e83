"""What a visitor of an emulated deployment needs first: its tables' names, and a token."""

from collections.abc import Collection

import boto3
from botocore.config import Config

from lisa.adapters.dynamodb.tables import DynamoTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.domain.identity import Principal
from lisa.stores.audit import AuditStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.audit import Audit
from lisa.usecases.tokens import TokenUses, Wanted
from tests.standins.aws_emulator.process import ACCOUNT, REGION, Emulator

OPERATOR = Principal(subject="operator", admin=True)


def session_of() -> boto3.session.Session:
    """Return an SDK session with the credentials of the account's owner."""
    return boto3.session.Session(
        aws_access_key_id=ACCOUNT, aws_secret_access_key="not-a-secret", region_name=REGION
    )


def published(emulator: Emulator, name: str) -> str:
    """Return what the deployment published under this name."""
    client = session_of().client("ssm", endpoint_url=emulator.endpoint)
    value = client.get_parameter(Name=f"/lisa/emulator/{name}")["Parameter"]["Value"]
    client.close()
    return str(value)


async def issue_token(
    emulator: Emulator, owner: str, *, admin: bool = False, groups: Collection[str] = ()
) -> str:
    """Make a token for that caller, through the product's own use case and store."""
    client = session_of().client(
        "dynamodb", endpoint_url=emulator.endpoint, config=Config(read_timeout=10)
    )
    names = {name: published(emulator, f"table/{name}") for name in ("tokens", "audit")}
    clock = SystemClock()
    tables, ids = DynamoTables(client, names, clock), RandomIds()
    tokens = TokenUses(TokenStore(tables), clock, ids, Audit(AuditStore(tables), clock, ids))
    wanted = Wanted(name=owner, admin=admin, groups=frozenset(groups) or None)
    issued = await tokens.issue(OPERATOR, wanted)
    client.close()
    return issued.secret
