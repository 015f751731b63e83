"""Puts together what the routes of sessions, projects and the prompt library call."""

from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.contents import contents_of, items_of
from lisa.bootstrap.every_door import audit
from lisa.bootstrap.ports import Ports
from lisa.http.services import PromptServices, SessionServices
from lisa.stores.projects import ProjectStore
from lisa.stores.prompts import PromptStore
from lisa.stores.sessions.appends import Appends
from lisa.stores.sessions.heads import Heads
from lisa.stores.sessions.places import Places
from lisa.stores.sessions.texts import Texts
from lisa.usecases.archive_imports import ArchiveImports
from lisa.usecases.archives import Archives
from lisa.usecases.configuration import Switches
from lisa.usecases.documents import Documents
from lisa.usecases.files import Files
from lisa.usecases.history import History
from lisa.usecases.imports import Imports
from lisa.usecases.projects import Projects
from lisa.usecases.prompts import Prompts
from lisa.usecases.removed_items import RemovedItems
from lisa.usecases.search import Search
from lisa.usecases.sessions import Sessions


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
