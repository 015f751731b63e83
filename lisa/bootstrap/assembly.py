"""Use cases on their ports, all of them in one app: doors on AWS take only their own."""

from typing import Final

from lisa.bootstrap.administration_routes import (
    account_services,
    configuration_services,
    identity_services,
    usage_services,
)
from lisa.bootstrap.authentication import authenticator, noting_people
from lisa.bootstrap.chat_routes import prompt_services, session_services
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.every_door import audit, last_uses, refusals, switches_of
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.knowledge_routes import knowledge_services
from lisa.bootstrap.model_routes import ModelPorts, model_services
from lisa.bootstrap.tool_routes import ToolPorts, tool_server_services
from lisa.declared.settings import IdentitySettings
from lisa.http.services import AuditServices, Services
from lisa.ports.passwords import Passwords

OWN_TOKENS_ONLY: Final = IdentitySettings()


def assemble(
    ports: ContentPorts,
    origins: frozenset[str] = frozenset(),
    identity: IdentitySettings = OWN_TOKENS_ONLY,
    models: ModelPorts | None = None,
    passwords: Passwords | None = None,
    tools: ToolPorts | None = None,
    knowledge: KnowledgePorts | None = None,
) -> Services:
    """Return everything there is to serve; `origins` are our own pages.

    With `passwords`, LISA keeps accounts of its own.
    """
    switches, tables, clock = switches_of(ports), ports.tables, ports.clock
    authenticate = authenticator(tables, clock, identity, origins, last_uses(ports))
    return Services(
        authenticate=noting_people(authenticate, tables, clock, asks_always=True),
        sessions=session_services(ports, switches),
        prompts=prompt_services(ports),
        identity=identity_services(ports),
        accounts=account_services(ports, passwords) if passwords else None,
        configuration=configuration_services(ports, switches),
        audit=AuditServices(audit(ports)),
        models=model_services(ports, models) if models else None,
        tool_servers=tool_server_services(ports, tools) if tools else None,
        usage=usage_services(ports),
        knowledge=knowledge_services(ports, knowledge) if knowledge else None,
        switches=switches,
        refusals=refusals(ports),
    )
