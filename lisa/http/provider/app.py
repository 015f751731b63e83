"""The built-in identity provider as an app, to be mounted at `/oidc` of the local profile."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from lisa.http import errors
from lisa.http.audit.circumstances import CallCircumstances
from lisa.http.log import RequestLog
from lisa.http.provider import for_programs, signing_in, signing_out
from lisa.http.provider.services import ProviderServices
from lisa.http.serving import SecurityHeaders


def provider_app(provider: ProviderServices) -> Starlette:
    """Return the app; only our own pages may call it from a script."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=sorted(provider.client.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
    )
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", for_programs.discovery),
            Route("/jwks", for_programs.jwks),
            Route("/authorize", signing_in.authorize, methods=["GET", "POST"]),
            Route("/sign-in", signing_in.sign_in, methods=["POST"]),
            Route("/token", for_programs.token, methods=["POST"]),
            Route("/userinfo", for_programs.userinfo, methods=["GET", "POST"]),
            Route("/logout", signing_out.sign_out, methods=["GET", "POST"]),
            Route("/revoke", for_programs.revoke, methods=["POST"]),
        ],
        middleware=[
            Middleware(RequestLog),
            Middleware(SecurityHeaders),
            Middleware(CallCircumstances),
            cors,
        ],
    )
    app.router.redirect_slashes = False
    app.state.provider = provider
    errors.install(app)
    return app
