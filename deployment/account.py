"""The account of the credentials here: asked off AWS's own clients, with timeouts, in our words."""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from lisa.domain.errors import Forbidden, Invalid, LisaError, NotFound, Unauthenticated, Unavailable

SERVER_FAULT: Final = 500
DENIED: Final = ("AccessDenied", "Unauthorized", "AuthorizationError", "NotAuthorized", "403")
UNKNOWN_CALLER: Final = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
BUSY: Final = ("Throttl", "RequestLimitExceeded", "TooManyRequests", "SlowDown")
SIGN_IN: Final = "sign in to AWS (`aws sso login`, or AWS_PROFILE), then try again"


class Account:
    """An account in one region. Its clients are made when they are needed, and may be shared."""

    def __init__(self, region: str | None = None) -> None:
        """Without a region it is the one that the credentials here come with."""
        try:
            self._session = boto3.session.Session(region_name=region)
        except ProfileNotFound as error:
            raise Unauthenticated(str(error), next_step=SIGN_IN, code="no_profile") from error
        self._config = Config(
            connect_timeout=5,
            read_timeout=20,
            max_pool_connections=20,
            retries={"mode": "standard", "total_max_attempts": 3},
        )
        self._making = Lock()
        self._made: dict[tuple[str, str], Any] = {}

    @property
    def region(self) -> str:
        """Return the region; without one nothing can be asked."""
        if not self._session.region_name:
            raise _no_region()
        return self._session.region_name

    @property
    def id(self) -> str:
        """Return the account's number."""
        return str(self.ask("sts", "get_caller_identity")["Account"])

    @property
    def has_lasting_keys(self) -> bool:
        """Tell whether the credentials never expire, as those of a role or a sign-in do."""
        found = self._session.get_credentials()
        return found is not None and not found.get_frozen_credentials().token

    def ask(
        self, service: str, operation: str, *, there: str = "", **arguments: object
    ) -> Mapping[str, Any]:
        """Call an operation, `there` in another region; a refusal comes in our words."""
        try:
            client = self._client(service, there)
            answer: Mapping[str, Any] = getattr(client, operation)(**arguments)
        except (ClientError, BotoCoreError) as error:
            raise _in_words(service, operation, error) from error
        return answer

    def every(self, service: str, operation: str, key: str, **arguments: object) -> Iterator[Any]:
        """Return what is below `key` on all pages of an answer."""
        try:
            client = self._client(service, "")
            for page in client.get_paginator(operation).paginate(**arguments):
                yield from page.get(key, [])
        except (ClientError, BotoCoreError) as error:
            raise _in_words(service, operation, error) from error

    def _client(self, service: str, there: str) -> Any:
        key = service, there or self.region
        with self._making:
            if key not in self._made:
                client: Any = self._session.client(  # type: ignore[call-overload] # by a name
                    service, region_name=key[1], config=self._config
                )
                self._made[key] = client
            return self._made[key]


def _in_words(service: str, operation: str, error: ClientError | BotoCoreError) -> LisaError:
    """Return the kind of failure that it is."""
    if isinstance(error, ClientError):
        return _refusal(f"{service}:{operation}", error)
    if isinstance(
        error, NoCredentialsError | PartialCredentialsError | CredentialRetrievalError
    ) or type(error).__name__.endswith(("TokenLoadError", "SSOTokenError")):
        return Unauthenticated(
            f"there are no credentials of AWS: {error}", next_step=SIGN_IN, code="no_credentials"
        )
    if isinstance(error, NoRegionError):
        return _no_region()
    return Unavailable(
        f"{service}:{operation} got no answer: {error}",
        next_step="look whether this machine reaches AWS, by a proxy or an endpoint perhaps",
        code="no_answer",
    )


def _refusal(what: str, error: ClientError) -> LisaError:
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    words = f"{what} was refused: {message or code}"
    if code in UNKNOWN_CALLER:
        return Unauthenticated(words, next_step=SIGN_IN, code=code)
    if any(each in code for each in DENIED):
        return Forbidden(words, next_step="ask for the right to do that", code=code)
    if "NotFound" in code or code.startswith("NoSuch") or code == "404" or "not exist" in message:
        return NotFound(words, code=code)
    if any(each in code for each in BUSY) or status >= SERVER_FAULT:
        return Unavailable(words, next_step="try again in a moment", code=code)
    return Invalid(words, code=code)


def _no_region() -> Invalid:
    return Invalid(
        "nobody said in which region",
        next_step="set `region` in the configuration, or AWS_REGION",
        code="no_region",
    )
