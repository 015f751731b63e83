"""Puts together the door that API Gateway asks before every call."""

from collections.abc import Mapping
from dataclasses import dataclass

from lisa.adapters.system.clock import SystemClock
from lisa.bootstrap.assembly import authenticator
from lisa.bootstrap.aws import tables_of
from lisa.bootstrap.environment import read
from lisa.declared.settings import AuthorizerSettings
from lisa.domain.identity import Principal
from lisa.usecases.authenticate import Authenticate


@dataclass(frozen=True)
class Authorizer:
    """Tells who calls, or raises what the door turns into a refusal."""

    authenticate: Authenticate

    async def decide(self, method: str, headers: Mapping[str, str]) -> Principal:
        """Decide by the headers, whose names are in lower case."""
        return await self.authenticate(method, headers)


def build(environ: Mapping[str, str]) -> Authorizer:
    """Return the authorizer."""
    tables = tables_of(read(AuthorizerSettings, environ))
    return Authorizer(authenticator(tables, SystemClock()))
