"""The provider's pages: plain HTML that needs no script, under a policy that allows none."""

from collections.abc import Iterable, Mapping
from html import escape
from string import Template
from typing import Final

from starlette.responses import HTMLResponse, Response

from lisa.http.provider.style import STYLE, STYLE_SOURCE

PAGE: Final = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title · LISA</title>
<style>$style</style>
</head>
<body>
<main>
<p class="brand">LISA</p>
<h1>$heading</h1>
$content
</main>
</body>
</html>
""")
SIGN_IN: Final = Template("""<div role="alert" aria-live="assertive" id="failure"
 class="failure">$failure</div>
<form method="post" action="$action">
$hidden
<label>Name
<input name="name" value="$name" autocomplete="username" autocapitalize="none"
 spellcheck="false" maxlength="64" required aria-describedby="failure"$focus_name></label>
<label>Password
<input name="password" type="password" autocomplete="current-password" maxlength="256" required
 aria-describedby="failure"$focus_password></label>
<button>Sign in</button>
</form>
<p class="hint">No account, or a forgotten password? An administrator helps with
<code>lisa user add</code> or <code>lisa user passwd</code>.</p>""")
SIGN_OUT: Final = Template("""<p>This ends your sign-in in this browser.</p>
<form method="post" action="$action">
$hidden
<button>Sign out</button>
</form>""")


def sign_in_page(action: str, hidden: Mapping[str, str], name: str = "", failure: str = "") -> str:
    """Return the page that asks for name and password."""
    content = SIGN_IN.substitute(
        action=escape(action),
        hidden=_hidden(hidden),
        name=escape(name),
        failure=escape(failure),
        focus_name="" if name else " autofocus",
        focus_password=" autofocus" if name else "",
    )
    return _document("Sign in", content, failed=bool(failure))


def sign_out_page(action: str, hidden: Mapping[str, str]) -> str:
    """Return the page that asks whether signing out is meant."""
    content = SIGN_OUT.substitute(action=escape(action), hidden=_hidden(hidden))
    return _document("Sign out?", content)


def message_page(heading: str, *sentences: str) -> str:
    """Return a page that only says something, and leads back to LISA."""
    said = "\n".join(f"<p>{escape(each)}</p>" for each in sentences if each)
    return _document(heading, f'{said}\n<a class="button" href="/">Go to LISA</a>')


def page_response(
    page: str, origins: Iterable[str], status: int = 200, seconds: int = 0
) -> Response:
    """Answer with a page; its forms lead to us and, from there, to pages of ours."""
    policy = {
        "default-src": "'none'",
        "style-src": STYLE_SOURCE,
        "form-action": " ".join(["'self'", *sorted(origins)]),
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    headers = {
        "content-security-policy": "; ".join(f"{what} {source}" for what, source in policy.items()),
        "x-frame-options": "DENY",
    }
    if seconds:
        headers["retry-after"] = str(seconds)
    return HTMLResponse(page, status, headers)


def _hidden(values: Mapping[str, str]) -> str:
    return "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in values.items()
    )


def _document(heading: str, content: str, *, failed: bool = False) -> str:
    title = f"Error: {heading}" if failed else heading
    return PAGE.substitute(
        title=escape(title), heading=escape(heading), content=content, style=STYLE
    )
