"""What an app can be given to serve, and how routes get at it and at their caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request

from lisa.domain.identity import Principal
from lisa.domain.policy import require_plane
from lisa.domain.scopes import Plane

if TYPE_CHECKING:  # a door that serves one noun would import the use cases of all
    from lisa.ports.instance_types import InstanceTypes
    from lisa.usecases.accounts import Accounts
    from lisa.usecases.archive_imports import ArchiveImports
    from lisa.usecases.archives import Archives
    from lisa.usecases.audit import Audit, Refusals
    from lisa.usecases.authenticate import Authenticate
    from lisa.usecases.configuration import Configurations, Switches
    from lisa.usecases.documents import Documents
    from lisa.usecases.files import Files
    from lisa.usecases.history import History
    from lisa.usecases.imports import Imports
    from lisa.usecases.knowledge.access import Access
    from lisa.usecases.knowledge.collections import Collections
    from lisa.usecases.knowledge.documents import RagDocuments
    from lisa.usecases.knowledge.evaluations import Evaluations
    from lisa.usecases.knowledge.files import RagFiles
    from lisa.usecases.knowledge.finding import Finding
    from lisa.usecases.knowledge.lisa_uploads import LisaUploads
    from lisa.usecases.knowledge.pipelines import Pipelines
    from lisa.usecases.knowledge.repositories import Repositories
    from lisa.usecases.knowledge.retrieval import Retrieval
    from lisa.usecases.lifecycle.all_models import AllModels
    from lisa.usecases.lifecycle.looking import Looking
    from lisa.usecases.lifecycle.timetable import Timetable
    from lisa.usecases.models import Models
    from lisa.usecases.preferences import Preferences
    from lisa.usecases.projects import Projects
    from lisa.usecases.prompts import Prompts
    from lisa.usecases.removed_items import RemovedItems
    from lisa.usecases.search import Search
    from lisa.usecases.sessions import Sessions
    from lisa.usecases.sign_in import SignIn
    from lisa.usecases.tokens import TokenUses
    from lisa.usecases.tool_servers import ManagedToolServers
    from lisa.usecases.usage import Usages


@dataclass(frozen=True)
class SessionServices:
    """What the routes of sessions call."""

    sessions: Sessions
    history: History
    files: Files
    documents: Documents
    projects: Projects
    search: Search
    removed: RemovedItems
    archives: Archives
    imports: Imports
    archive_imports: ArchiveImports


@dataclass(frozen=True)
class PromptServices:
    """What the routes of the prompt library call."""

    prompts: Prompts


@dataclass(frozen=True)
class IdentityServices:
    """What the routes of tokens and sign-in call."""

    tokens: TokenUses
    sign_in: SignIn


@dataclass(frozen=True)
class AccountServices:
    """What the routes of the local profile's accounts call."""

    accounts: Accounts


@dataclass(frozen=True)
class ConfigurationServices:
    """What the routes of configuration and preferences call."""

    configurations: Configurations
    preferences: Preferences


@dataclass(frozen=True)
class AuditServices:
    """What the routes of the audit call."""

    audit: Audit


@dataclass(frozen=True)
class ModelServices:
    """What the routes of models call."""

    models: Models
    instance_types: InstanceTypes
    all_models: AllModels
    looking: Looking
    timetable: Timetable


@dataclass(frozen=True)
class ToolServerServices:
    """What the routes of tool servers call."""

    servers: ManagedToolServers


@dataclass(frozen=True)
class UsageServices:
    """What the routes of usage call."""

    usages: Usages


@dataclass(frozen=True)
class KnowledgeServices:
    """What the routes of repositories, collections, documents and search call."""

    access: Access
    repositories: Repositories
    collections: Collections
    documents: RagDocuments
    files: RagFiles
    pipelines: Pipelines
    retrieval: Retrieval
    evaluations: Evaluations
    finding: Finding
    lisa_uploads: LisaUploads


@dataclass(frozen=True)
class Services:
    """Everything one app serves; a door that lacks a noun has no routes for it.

    `switches` and `refusals` hold for every route, whatever the app serves.
    """

    authenticate: Authenticate
    sessions: SessionServices | None = None
    prompts: PromptServices | None = None
    identity: IdentityServices | None = None
    accounts: AccountServices | None = None
    configuration: ConfigurationServices | None = None
    audit: AuditServices | None = None
    models: ModelServices | None = None
    tool_servers: ToolServerServices | None = None
    usage: UsageServices | None = None
    knowledge: KnowledgeServices | None = None
    switches: Switches | None = None
    refusals: Refusals | None = None


def services_of(request: Request) -> Services:
    """Return what this app was given."""
    return cast("Services", request.app.state.services)


async def caller_of(request: Request) -> Principal:
    """Authenticate the caller; every route but signing in asks for this."""
    caller = await services_of(request).authenticate(request.method, request.headers)
    state = request.scope.setdefault("state", {})
    state["caller"], state["principal"] = caller.subject, caller
    require_plane(caller, Plane.CONTROL)
    return caller


Caller = Annotated[Principal, Depends(caller_of)]
Given = Annotated[Services, Depends(services_of)]


async def may_delete_sessions(given: Given, caller: Caller) -> None:
    """Refuse where an administrator has switched off that sessions are deleted."""
    del caller  # asked for, so that a stranger doesn't learn what is switched off
    if given.switches:
        await given.switches.require("deleteSessionHistory")


async def may_see_prompts(given: Given, caller: Caller) -> None:
    """Refuse where an administrator has switched off the prompt library."""
    del caller  # asked for, as above
    if given.switches:
        await given.switches.require("showPromptTemplateLibrary")


async def may_use_projects(given: Given, caller: Caller) -> None:
    """Refuse where an administrator has switched off projects."""
    del caller  # asked for, as above
    if given.switches:
        await given.switches.require("projectOrganization")


async def may_use_tool_servers(given: Given, caller: Caller) -> None:
    """Refuse where an administrator has switched off tool servers."""
    del caller  # asked for, as above
    if given.switches:
        await given.switches.require("mcpConnections")


async def may_make_own_tokens(given: Given, caller: Caller) -> None:
    """Refuse where an administrator has switched off that others have tokens of their own.

    Those they have work on and can be revoked.
    """
    if given.switches and not caller.admin:
        await given.switches.require("enableUserApiTokens")
