"""Routes of tokens, configuration, audit and usage."""

from typing import Final

from lisa.http.audit.routes import router as audit
from lisa.http.configuration.lisa_routes import router as lisa_configuration
from lisa.http.configuration.preferences import router as preferences
from lisa.http.configuration.routes import router as configurations
from lisa.http.identity.lisa_tokens import router as lisa_tokens
from lisa.http.identity.routes import router as identity
from lisa.http.identity.tokens import router as tokens
from lisa.http.policy.routes import router as policy
from lisa.http.usage.lisa_routes import router as lisa_usage
from lisa.http.usage.routes import router as usage

IDENTITY: Final = (identity, tokens, lisa_tokens, policy)
CONFIGURATION: Final = (configurations, lisa_configuration, preferences)
AUDIT: Final = (audit,)
USAGE: Final = (usage, lisa_usage)
