"""What the routes of the identity provider call, and how they get at it."""

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from lisa.domain.provider.client import OwnClient
from lisa.ports.signing import Signing
from lisa.usecases.audit import Refusals
from lisa.usecases.provider.authorize import Authorize
from lisa.usecases.provider.forms import Forms
from lisa.usecases.provider.sign_in import PasswordSignIn
from lisa.usecases.provider.sign_out import ProviderSignOut
from lisa.usecases.provider.tokens import ProviderTokens


@dataclass(frozen=True)
class ProviderServices:
    """The whole provider."""

    client: OwnClient
    signing: Signing
    authorize: Authorize
    sign_in: PasswordSignIn
    sign_out: ProviderSignOut
    tokens: ProviderTokens
    forms: Forms
    refusals: Refusals


def provider_of(request: Request) -> ProviderServices:
    """Return what this app was given."""
    return cast("ProviderServices", request.app.state.provider)
