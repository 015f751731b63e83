"""The client of one OpenSearch, of our own account's signed or with a login."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import boto3
from opensearchpy import (
    AsyncHttpConnection,
    AsyncOpenSearch,
    AuthenticationException,
    AuthorizationException,
    AWSV4SignerAsyncAuth,
    NotFoundError,
    OpenSearchException,
    RequestError,
    TransportError,
)

from lisa.domain.errors import Invalid, NotFound, Unavailable

TIMEOUT_SECONDS: Final = 20
DELETE_SECONDS: Final = 60
RETRIES: Final = 2
CONNECTIONS: Final = 10
BUSY: Final = (429, 502, 503, 504)
BUSY_SECONDS: Final = 2.0

T = TypeVar("T")


@dataclass(frozen=True)
class Login:
    """A user of the domain's own."""

    name: str
    password: str


@dataclass(frozen=True)
class Signed:
    """Requests are signed by the role that we run as."""

    region: str
    serverless: bool = False


class _Connection(AsyncHttpConnection):
    """Renews the role's credentials, which may ask the network, before the loop signs with them."""

    async def perform_request(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request."""
        if isinstance(self._http_auth, AWSV4SignerAsyncAuth):
            await asyncio.to_thread(self._http_auth.signer.credentials.get_frozen_credentials)
        return await super().perform_request(*args, **kwargs)


@asynccontextmanager
async def open_client(address: str, who: Login | Signed | None) -> AsyncIterator[AsyncOpenSearch]:
    """Keep a client of `https://HOST[:PORT]` while the block runs."""
    client = AsyncOpenSearch(
        hosts=[address],
        http_auth=await _signer(who) if isinstance(who, Signed) else None,
        headers=_authorization(who) if isinstance(who, Login) else None,
        connection_class=_Connection,
        http_compress=True,
        pool_maxsize=CONNECTIONS,
        timeout=TIMEOUT_SECONDS,
        max_retries=RETRIES,
        retry_on_status=BUSY,
        retry_on_timeout=False,
    )
    async with client:
        yield client


async def answered(call: Awaitable[T]) -> T:
    """Return the answer to a call, or raise one of our family."""
    try:
        return await call
    except NotFoundError as error:
        raise NotFound(f"OpenSearch has no such index: {error}") from error
    except (AuthenticationException, AuthorizationException) as error:
        raise _unavailable(
            "refuses our credentials", "check the repository's credentials and its access policy"
        ) from error
    except RequestError as error:
        raise _refused(error) from error
    except TransportError as error:
        raise _unavailable(_trouble(error), "try again in a moment") from error
    except OpenSearchException as error:
        raise _unavailable("answered what is no answer", "check the address") from error


def _authorization(login: Login) -> dict[str, str]:
    """Say who asks; the client's own way of it warns that it will go."""
    encoded = base64.b64encode(f"{login.name}:{login.password}".encode()).decode()
    return {"authorization": f"Basic {encoded}"}


async def _signer(who: Signed) -> AWSV4SignerAsyncAuth:
    credentials = await asyncio.to_thread(_role)
    return AWSV4SignerAsyncAuth(credentials, who.region, "aoss" if who.serverless else "es")


def _role() -> Any:
    credentials = boto3.session.Session().get_credentials()
    if credentials is None:
        raise _unavailable("wants signed requests", "give this service a role, or keep a login")
    return credentials


def _trouble(error: TransportError) -> str:
    if not isinstance(error.status_code, int):
        return "can't be reached"
    return "is busy" if error.status_code in BUSY else f"failed with {error.status_code}"


def _refused(error: RequestError) -> Invalid | Unavailable:
    """Tell wrong passages from an OpenSearch that isn't as we need it."""
    if "parsing_exception" in str(error) and "mapper" in str(error):
        return Invalid(f"OpenSearch can't keep this: {error}")
    return _unavailable(f"does not understand us: {error}", "use OpenSearch 2.9 or newer")


def _unavailable(what: str, next_step: str) -> Unavailable:
    return Unavailable(
        f"OpenSearch {what}", next_step=next_step, code="vector_store", retry_after=BUSY_SECONDS
    )
