"""Calls to AWS off the event loop, at most so many at once, with their failures in our words."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lisa.domain.errors import Unavailable

THREADS: Final = 4


class Clients:
    """The clients of services, each made when it is needed first. They may repeat a call."""

    def __init__(self) -> None:
        self._session = boto3.session.Session()
        self._config = Config(
            connect_timeout=3,
            read_timeout=20,
            max_pool_connections=THREADS,
            retries={"mode": "standard", "total_max_attempts": 3},
        )
        self._making = Lock()
        self._made: dict[str, Any] = {}

    def of(self, service: str) -> Any:
        """Return the client of a service."""
        with self._making:
            if service not in self._made:
                client: Any = self._session.client(service, config=self._config)  # type: ignore[call-overload] # by a name that only we know
                self._made[service] = client
            return self._made[service]


class Calls:
    """A few threads, and the clients they use."""

    def __init__(self, clients: Clients) -> None:
        """Use these clients."""
        self._clients = clients
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="cloudformation")

    async def ask(self, service: str, operation: str, **arguments: object) -> Mapping[str, Any]:
        """Call; what the service refuses is raised as the SDK's own `ClientError`."""
        call = partial(self._call, service, operation, arguments)
        try:
            answer: Mapping[str, Any]
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except BotoCoreError as error:
            raise unavailable(error) from error
        return answer

    def _call(self, service: str, operation: str, arguments: Mapping[str, object]) -> Any:
        return getattr(self._clients.of(service), operation)(**arguments)


def unavailable(error: BotoCoreError | ClientError) -> Unavailable:
    """Say that AWS can't be asked, and why; whole messages name what only operators may know."""
    why = type(error).__name__
    if isinstance(error, ClientError):
        why = f"{error.operation_name}: {error.response['Error'].get('Code', '')}"
    return Unavailable(f"AWS can't answer now ({why})", next_step="try again in a moment")


def refused(error: ClientError, words: str) -> bool:
    """Tell whether a service refused in these words."""
    told = error.response["Error"]
    return words in f"{told.get('Code', '')} {told.get('Message', '')}"
