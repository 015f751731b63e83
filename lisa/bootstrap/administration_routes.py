"""Puts together what the routes of tokens, accounts, configuration and usage call."""

from lisa.bootstrap.every_door import audit
from lisa.bootstrap.ports import Ports
from lisa.http.services import (
    AccountServices,
    ConfigurationServices,
    IdentityServices,
    UsageServices,
)
from lisa.ports.passwords import Passwords
from lisa.stores.accounts import AccountStore
from lisa.stores.configuration import ConfigurationStore
from lisa.stores.people import PeopleStore
from lisa.stores.preferences import PreferencesStore
from lisa.stores.provider.attempts import AttemptStore
from lisa.stores.sign_ins import SignInStore
from lisa.stores.tokens import TokenStore
from lisa.stores.usage.records import UsageRecords
from lisa.stores.usage.sums import UsageSums
from lisa.usecases.accounts import Accounts
from lisa.usecases.configuration import Configurations, Switches
from lisa.usecases.preferences import Preferences
from lisa.usecases.provider.attempts import Guesses
from lisa.usecases.sign_in import SignIn
from lisa.usecases.tokens import TokenUses
from lisa.usecases.usage import Usages


def identity_services(ports: Ports) -> IdentityServices:
    """Return what the routes of tokens and sign-in call."""
    return IdentityServices(
        tokens=TokenUses(TokenStore(ports.tables), ports.clock, ports.ids, audit(ports)),
        sign_in=SignIn(SignInStore(ports.tables), ports.clock, ports.ids, audit(ports)),
    )


def account_services(ports: Ports, passwords: Passwords) -> AccountServices:
    """Return what the routes of accounts call."""
    return AccountServices(
        Accounts(
            accounts=AccountStore(ports.tables),
            people=PeopleStore(ports.tables),
            passwords=passwords,
            guesses=Guesses(AttemptStore(ports.tables), ports.clock),
            clock=ports.clock,
            audit=audit(ports),
        )
    )


def configuration_services(ports: Ports, switches: Switches) -> ConfigurationServices:
    """Return what the routes of configuration and preferences call."""
    store = ConfigurationStore(ports.tables)
    return ConfigurationServices(
        Configurations(store, switches, audit(ports), ports.clock),
        Preferences(PreferencesStore(ports.tables)),
    )


def usage_services(ports: Ports) -> UsageServices:
    """Return what the routes of usage call."""
    return UsageServices(Usages(UsageSums(ports.tables), UsageRecords(ports.tables), ports.clock))
