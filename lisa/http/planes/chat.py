"""Routes of chat sessions, projects and the prompt library."""

from typing import Final

from lisa.http.projects.lisa_routes import router as lisa_projects
from lisa.http.projects.routes import router as projects
from lisa.http.prompts.lisa_routes import router as lisa_prompts
from lisa.http.prompts.routes import router as prompts
from lisa.http.sessions.file_routes import router as files
from lisa.http.sessions.lisa_routes import router as lisa_sessions
from lisa.http.sessions.routes import router as sessions
from lisa.http.sessions.transfer_routes import router as transfers

SESSIONS: Final = (sessions, files, transfers, lisa_sessions, projects, lisa_projects)
PROMPTS: Final = (prompts, lisa_prompts)
