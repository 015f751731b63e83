"""What a deployment may choose about the browser pages."""

from deployment.config.values import Part
from lisa.declared.pages import Branding
from lisa.declared.variables import Origin, Origins
from lisa.domain.issuers import SignIn


class WebConfig(Part):
    """The browser pages.

    `gateway` is where browsers reach it, if not at `serve.domain`. Without either, `plain_http` is
    why calls to the balancer's own name work: browsers refuse them to pages that come over https.
    `sign_in` is where people sign in, if not at the user pool; `sign_in_origins` are others that
    take part in it, such as that of the issuer's token endpoint.
    """

    enabled: bool = True
    """Make the pages, at `<API>/ui/index.html`."""
    branding: Branding = Branding()
    """What pages are called and look like."""
    gateway: Origin = ""
    """Where browsers reach the gateway by https; empty: at `serve.domain`."""
    plain_http: str = ""
    """Why they may call the balancer in plain HTTP, which browsers refuse to pages that come over
    https."""
    sign_in: SignIn | None = None
    """Where people sign in, if not at the user pool."""
    sign_in_origins: Origins = ()
    """Other addresses that take part in signing in, such as the issuer's token endpoint."""
