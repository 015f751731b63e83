"""A LISA as the command line calls it: over HTTP, with a token that only that LISA gets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from cli.errors import error_of, no_lisa
from cli.given import Given
from cli.running import not_ours, state_of
from lisa.declared.home import CLI_TOKEN
from lisa.domain.errors import Invalid, Unauthenticated, Unavailable

TIMEOUT: Final = httpx.Timeout(30, connect=5)
HEALTH_SECONDS: Final = 3
API: Final = "/api"
NO_ANSWER: Final = "no_answer"  # what was asked for may have been done


@dataclass(frozen=True)
class Lisa:
    """One LISA and how we are known to it."""

    url: str
    token: str = field(repr=False)
    is_here: bool
    idempotency_key: str = ""

    def ask(
        self, method: str, path: str, body: object = None, **query: str | bool | list[str]
    ) -> Any:
        """Call its API and return the JSON of the answer, none if it has no content.

        A body of bytes is sent as it is.
        """
        try:
            answer = httpx.request(
                method,
                f"{self.url}{API}{path}",
                headers=self._headers(),
                content=body if isinstance(body, bytes) else None,
                json=None if isinstance(body, bytes) else body,
                params=query,
                timeout=TIMEOUT,
                trust_env=not self.is_here,  # a proxy is for other machines
            )
        except httpx.TransportError as error:
            raise _unreachable(self.url, error) from error
        if answer.status_code == httpx.codes.NO_CONTENT:
            return None
        document = _json_of(answer)
        if not answer.is_success:
            raise error_of(answer.status_code, document, self.url)
        if not isinstance(document, dict):
            raise no_lisa(self.url)
        return document

    def _headers(self) -> dict[str, str]:
        once = {"idempotency-key": self.idempotency_key} if self.idempotency_key else {}
        return {"authorization": f"Bearer {self.token}", "accept": "application/json", **once}

    def every(self, path: str, **query: str) -> Iterator[Mapping[str, Any]]:
        """Return the items of all pages."""
        cursor = ""
        while True:
            page = self.ask("GET", path, limit="100", cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return


def lisa_of(given: Given) -> Lisa:
    """Return the LISA that was named by its address, else the one that runs on this machine."""
    if given.url:
        return Lisa(_checked_url(given.url), _token_for(given), is_here=False)
    state = state_of(given.home)
    if state is None:
        raise Unavailable(
            f"no LISA runs on {given.home}",
            next_step="start it with `lisa up`; for one elsewhere give --url and LISA_TOKEN",
            code="not_running",
        )
    return Lisa(state.url, _cli_token(given.home), is_here=True)


def version_at(url: str) -> str | None:
    """Return the version of the LISA that answers there, none if none does."""
    try:
        answer = httpx.get(f"{url}/health", timeout=HEALTH_SECONDS, trust_env=False)
    except httpx.TransportError:
        return None
    document = _json_of(answer)
    is_well = answer.is_success and isinstance(document, dict)
    return str(document.get("version", "")) if is_well else None


def _checked_url(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise Invalid(
            f"{url} is no address of a LISA",
            next_step="give it as https://lisa.example.org, in --url or LISA_URL",
        )
    return url


def _token_for(given: Given) -> str:
    if not given.token:
        raise Unauthenticated(
            f"there is no token for {given.url}",
            next_step="set LISA_TOKEN, in the environment or the `.env` file, to one made there",
            code="token_missing",
        )
    if not (given.token.isascii() and given.token.isprintable()):
        raise Invalid("what LISA_TOKEN holds is no token", next_step="copy it again")
    return given.token


def _cli_token(home: Path) -> str:
    try:
        return (home / CLI_TOKEN).read_text().strip()
    except PermissionError as error:
        raise not_ours(home) from error
    except FileNotFoundError as error:
        raise Unavailable(
            f"LISA on {home} is still starting", next_step="try again in a moment"
        ) from error


def _json_of(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _unreachable(url: str, error: httpx.TransportError) -> Unavailable:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return Unavailable(
            f"nothing answers at {url} ({error})",
            next_step="start it with `lisa up`, or check the address",
            code="nothing_answers",
        )
    return Unavailable(
        f"{url} did not finish its answer ({type(error).__name__})",
        next_step="try again",
        code=NO_ANSWER,
    )
