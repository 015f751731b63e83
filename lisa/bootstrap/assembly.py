"""Use cases on their ports: the same assembly for every door, whatever the adapters are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lisa.bootstrap.authentication import authenticator, noting_people
from lisa.bootstrap.contents import contents_of, items_of
from lisa.bootstrap.hosting import lifecycle_of
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.knowledge_routes import knowledge_services
from lisa.bootstrap.ports import ContentPorts, Ports
from lisa.declared.settings import IdentitySettings
from lisa.domain.hosting import HostKind
from lisa.http.services import (
    AccountServices,
    AuditServices,
    ConfigurationServices,
    IdentityServices,
    ModelServices,
    PromptServices,
    Services,
    SessionServices,
    ToolServerServices,
    UsageServices,
)
from lisa.ports.hosts import Host
from lisa.ports.instance_types import InstanceTypes
from lisa.ports.passwords import Passwords
from lisa.ports.prober import Prober
from lisa.ports.secrets import SecretStore
from lisa.ports.tool_servers import ToolServers
from lisa.ports.workflows import Workflows
from lisa.stores.accounts import AccountStore
from lisa.stores.audit import AuditStore
from lisa.stores.configuration import ConfigurationStore
from lisa.stores.model_reports import ModelReports
from lisa.stores.models import ModelStore
from lisa.stores.people import PeopleStore
from lisa.stores.preferences import PreferencesStore
from lisa.stores.projects import ProjectStore
from lisa.stores.prompts import PromptStore
from lisa.stores.provider.attempts import AttemptStore
from lisa.stores.sessions.appends import Appends
from lisa.stores.sessions.heads import Heads
from lisa.stores.sessions.places import Places
from lisa.stores.sessions.texts import Texts
from lisa.stores.sign_ins import SignInStore
from lisa.stores.tokens import TokenStore
from lisa.stores.tool_servers import ToolServerStore
from lisa.stores.usage.records import UsageRecords
from lisa.stores.usage.sums import UsageSums
from lisa.usecases.accounts import Accounts
from lisa.usecases.archive_imports import ArchiveImports
from lisa.usecases.archives import Archives
from lisa.usecases.audit import Audit, Refusals
from lisa.usecases.configuration import Configurations, Switches
from lisa.usecases.documents import Documents
from lisa.usecases.files import Files
from lisa.usecases.history import History
from lisa.usecases.imports import Imports
from lisa.usecases.lifecycle.all_models import AllModels
from lisa.usecases.lifecycle.looking import Looking
from lisa.usecases.lifecycle.timetable import Timetable
from lisa.usecases.models import Models
from lisa.usecases.preferences import Preferences
from lisa.usecases.projects import Projects
from lisa.usecases.prompts import Prompts
from lisa.usecases.provider.attempts import Guesses
from lisa.usecases.removed_items import RemovedItems
from lisa.usecases.search import Search
from lisa.usecases.sessions import Sessions
from lisa.usecases.sign_in import SignIn
from lisa.usecases.token_uses import LastUses
from lisa.usecases.tokens import TokenUses
from lisa.usecases.tool_servers import ManagedToolServers
from lisa.usecases.turns.toolbox import Toolbox
from lisa.usecases.usage import Usages

OWN_TOKENS_ONLY: Final = IdentitySettings()


@dataclass(frozen=True)
class ModelPorts:
    """What a door that looks after models needs beside its tables."""

    vault: SecretStore
    prober: Prober
    instance_types: InstanceTypes
    hosts: Mapping[HostKind, Host] = field(default_factory=dict)
    workflows: Workflows | None = None
    has_litellm: bool = True


@dataclass(frozen=True)
class ToolPorts:
    """What a door that looks after tool servers needs beside its tables."""

    vault: SecretStore
    servers: ToolServers


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


def session_services(ports: ContentPorts, switches: Switches) -> SessionServices:
    """Return what the routes of sessions call."""
    heads, items, contents = Heads(ports.tables), items_of(ports), contents_of(ports)
    appends = Appends(ports.tables, heads, items, contents, ports.clock, ports.ids)
    sessions = Sessions(heads, items, appends, ports.clock, ports.ids)
    files = Files(sessions, ports.blobs, ports.clock, ports.ids)
    projects = Projects(
        ProjectStore(ports.tables),
        Places(ports.tables),
        sessions,
        switches,
        ports.clock,
        ports.ids,
    )
    documents = Documents(files, ports.documents)
    imports = Imports(sessions)
    return SessionServices(
        sessions,
        History(sessions),
        files,
        documents,
        projects,
        search=Search(Texts(ports.tables), heads, ports.clock),
        removed=RemovedItems(sessions),
        archives=Archives(files),
        imports=imports,
        archive_imports=ArchiveImports(files, imports),
    )


def prompt_services(ports: Ports) -> PromptServices:
    """Return what the routes of the prompt library call."""
    return PromptServices(Prompts(PromptStore(ports.tables), ports.clock, ports.ids, audit(ports)))


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


def last_uses(ports: Ports) -> LastUses:
    """Return what notes when a token was used."""
    return LastUses(TokenStore(ports.tables), ports.clock)


def configuration_services(ports: Ports, switches: Switches) -> ConfigurationServices:
    """Return what the routes of configuration and preferences call."""
    store = ConfigurationStore(ports.tables)
    return ConfigurationServices(
        Configurations(store, switches, audit(ports), ports.clock),
        Preferences(PreferencesStore(ports.tables)),
    )


def model_services(ports: Ports, own: ModelPorts) -> ModelServices:
    """Return what the routes of models call."""
    store = ModelStore(ports.tables)
    models = Models(
        store,
        own.vault,
        own.prober,
        ports.clock,
        ports.ids,
        audit(ports),
        own.has_litellm,
    )
    lifecycle = lifecycle_of(ports, own.hosts, own.workflows) if own.workflows else None
    looking = Looking(models, ModelReports(ports.tables), own.hosts, ports.clock)
    return ModelServices(
        models,
        own.instance_types,
        AllModels(models, lifecycle),
        looking,
        Timetable(models, ports.clock),
    )


def tool_server_services(ports: Ports, own: ToolPorts) -> ToolServerServices:
    """Return what the routes of tool servers call."""
    return ToolServerServices(
        ManagedToolServers(
            store=ToolServerStore(ports.tables),
            vault=own.vault,
            servers=own.servers,
            clock=ports.clock,
            ids=ports.ids,
            audit=audit(ports),
        )
    )


def toolbox(ports: Ports, servers: ToolServers) -> Toolbox:
    """Return the tools of turns."""
    return Toolbox(ToolServerStore(ports.tables), servers, audit(ports), ports.clock)


def usage_services(ports: Ports) -> UsageServices:
    """Return what the routes of usage call."""
    return UsageServices(Usages(UsageSums(ports.tables), UsageRecords(ports.tables), ports.clock))


def switches_of(ports: Ports) -> Switches:
    """Return what says which features are switched on."""
    return Switches(ConfigurationStore(ports.tables), ports.clock)


def refusals(ports: Ports) -> Refusals:
    """Return what records refused requests."""
    return Refusals(audit(ports))


def audit(ports: Ports) -> Audit:
    """Return where administrative use cases note what they do."""
    return Audit(AuditStore(ports.tables), ports.clock, ports.ids)
