"""Gets an issuer's keys over HTTP: bounded in time and size, never by a redirect."""

import asyncio
import json
from typing import Any, Final

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from lisa.domain.errors import Unavailable
from lisa.domain.issuers import Issuer, is_safe_url

SECONDS_TO_ANSWER: Final = 5.0
LARGEST_DOCUMENT: Final = 256 * 1024
MOST_KEYS: Final = 64
WELL_KNOWN: Final = "/.well-known/openid-configuration"
KEY_TYPES: Final = ("RSA", "EC", "OKP")  # never a shared secret
SHORTEST_MODULUS: Final = 342  # 2048 bits in base64


async def published_keys(issuer: Issuer) -> tuple[Key, ...]:
    """Return the keys the issuer publishes that we can use."""
    url = issuer.jwks_url or await _discovered(issuer.issuer)
    document = await _document(url)
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise _unusable("the key document holds no list of keys")
    found = (_key(each) for each in listed[:MOST_KEYS])
    return tuple(key for key in found if key is not None)


async def _discovered(issuer: str) -> str:
    document = await _document(issuer.rstrip("/") + WELL_KNOWN)
    url = document.get("jwks_uri")
    if document.get("issuer") != issuer:
        raise _unusable("the discovery document speaks of another issuer")
    if not isinstance(url, str) or not is_safe_url(url):
        raise _unusable("the discovery document names no safe address of keys")
    return url


async def _document(url: str) -> dict[str, Any]:
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            document = json.loads(await _body(url))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise _unusable(f"{type(error).__name__} while asking for keys") from error
    except (ValueError, RecursionError) as error:
        raise _unusable("the answer is not JSON") from error
    if not isinstance(document, dict):
        raise _unusable("the answer is no JSON object")
    return document


async def _body(url: str) -> bytes:
    """Read as sent: an answer that unpacks itself could grow beyond its bound."""
    headers = {"accept": "application/json", "accept-encoding": "identity"}
    by_proxy = url.startswith("https://")  # plain HTTP goes to this machine, past any proxy
    body = bytearray()
    async with (
        httpx.AsyncClient(timeout=SECONDS_TO_ANSWER, trust_env=by_proxy) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            raise _unusable(f"the issuer answered {answer.status_code}")
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > LARGEST_DOCUMENT:
                raise _unusable("the answer is too long")
    return bytes(body)


def _key(published: object) -> Key | None:
    """Read one key; one we don't understand doesn't spoil the others."""
    if not isinstance(published, dict) or published.get("kty") not in KEY_TYPES:
        return None
    if published["kty"] == "RSA" and len(str(published.get("n"))) < SHORTEST_MODULUS:
        return None
    try:
        return JWKRegistry.import_key(published)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _unusable(why: str) -> Unavailable:
    return Unavailable(why, next_step="try again in a moment", code="keys_unavailable")
