"""All settings there are, so that a variable that none of them knows is told."""

from typing import Final

from lisa.declared.knowledge_settings import (
    IngestSettings,
    PipelinesSettings,
    RepositorySettings,
    StoresSettings,
)
from lisa.declared.settings import (
    AdminSettings,
    AuthorizerSettings,
    CliSettings,
    LiteLLMSettings,
    LocalSettings,
    ModelsSettings,
    RotateSettings,
    ServeSettings,
    SessionsSettings,
    Settings,
    SweepSettings,
    ToolsSettings,
    WakeSettings,
    WatchSettings,
    WorkflowsSettings,
)

EVERY_SETTINGS: Final[tuple[type[Settings], ...]] = (
    AuthorizerSettings,
    SessionsSettings,
    AdminSettings,
    ModelsSettings,
    WorkflowsSettings,
    WatchSettings,
    WakeSettings,
    ToolsSettings,
    ServeSettings,
    SweepSettings,
    RotateSettings,
    RepositorySettings,
    IngestSettings,
    PipelinesSettings,
    StoresSettings,
    LocalSettings,
    LiteLLMSettings,
    CliSettings,
)
