"""What every door needs that knows its callers: switches, refusals, audit, uses of tokens."""

from lisa.bootstrap.ports import Ports
from lisa.stores.audit import AuditStore
from lisa.stores.configuration import ConfigurationStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.audit import Audit, Refusals
from lisa.usecases.configuration import Switches
from lisa.usecases.token_uses import LastUses


def switches_of(ports: Ports) -> Switches:
    """Return what says which features are switched on."""
    return Switches(ConfigurationStore(ports.tables), ports.clock)


def refusals(ports: Ports) -> Refusals:
    """Return what records refused requests."""
    return Refusals(audit(ports))


def audit(ports: Ports) -> Audit:
    """Return where administrative use cases note what they do."""
    return Audit(AuditStore(ports.tables), ports.clock, ports.ids)


def last_uses(ports: Ports) -> LastUses:
    """Return what notes when a token was used."""
    return LastUses(TokenStore(ports.tables), ports.clock)
