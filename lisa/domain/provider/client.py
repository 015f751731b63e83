"""The one client of the built-in identity provider: LISA's own pages, under all their names."""

from dataclasses import dataclass
from typing import Final

PATH: Final = "/oidc"
CLIENT_ID: Final = "lisa-ui"
AUDIENCE: Final = "lisa"
SIGNED_IN: Final = "/signed-in"
SIGNED_OUT: Final = "/"
SCOPES: Final = ("openid", "profile", "email", "offline_access")


@dataclass(frozen=True)
class OwnClient:
    """`issuer` is what tokens say in `iss`; `origins` are where our pages lie."""

    issuer: str
    origins: frozenset[str]

    @property
    def redirects(self) -> frozenset[str]:
        """Return where a person may come back to who has signed in."""
        return frozenset(origin + SIGNED_IN for origin in self.origins)

    @property
    def goodbyes(self) -> frozenset[str]:
        """Return where a person may come back to who has signed out."""
        return frozenset(origin + SIGNED_OUT for origin in self.origins)

    def discovery(self) -> dict[str, object]:
        """Return what OpenID Connect Discovery says of us."""
        addresses = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "userinfo_endpoint": "/userinfo",
            "end_session_endpoint": "/logout",
            "revocation_endpoint": "/revoke",
            "jwks_uri": "/jwks",
        }
        return {
            "issuer": self.issuer,
            **{name: self.issuer + path for name, path in addresses.items()},
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": ["none", "login"],
            "claims_supported": ["sub", "preferred_username", "groups", "auth_time"],
            "authorization_response_iss_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
