"""Parameters of a request, from its address or its form: each once, none huge."""

import re
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from lisa.domain.errors import Invalid, TooLarge

LONGEST_FORM: Final = 64 * 1024
LONGEST_VALUE: Final = 4096
LONGEST_TOKEN: Final = 16 * 1024
TOKENS: Final = frozenset({"id_token_hint", "token", "request"})  # a form carries a whole request
MOST_PARAMETERS: Final = 40
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
FORM: Final = "application/x-www-form-urlencoded"
FREE_TEXT: Final = frozenset({"password"})


async def parameters_of(request: Request) -> dict[str, str]:
    """Return those of the address or, where something was posted, of the form."""
    if request.method == "POST":
        return await form_of(request)
    return parsed(request.scope["query_string"].decode("latin-1"))


async def form_of(request: Request) -> dict[str, str]:
    """Return the form that was posted."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise Invalid(f"the body must be {FORM}", code="invalid_request")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise TooLarge(f"the form is over {LONGEST_FORM} bytes", code="invalid_request")
    return parsed(body.decode("latin-1"))


def parsed(text: str) -> dict[str, str]:
    """Read parameters; an empty one counts as left out, as OAuth asks."""
    try:
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=bool(text),
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError as error:  # UnicodeDecodeError is one, too
        raise Invalid("the parameters can't be read", code="invalid_request") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Invalid("a parameter is given twice", code="invalid_request")
        found[name] = _accepted(name, value)
    return {name: value for name, value in found.items() if value}


def _accepted(name: str, value: str) -> str:
    longest = LONGEST_TOKEN if name in TOKENS else LONGEST_VALUE
    if len(name) > LONGEST_VALUE or len(value) > longest:
        raise Invalid("a parameter is too long", code="invalid_request")
    if name not in FREE_TEXT and CONTROL.search(value):
        raise Invalid("a parameter holds a control character", code="invalid_request")
    return value
