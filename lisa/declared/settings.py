"""What each door reads from its environment: one frozen class per door.

A field `table_sessions` is the variable `LISA_TABLE_SESSIONS`. Stacks fill a function's environment
from the fields of its door's class; its bootstrap reads them back through the same class.
"""

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from lisa.declared.pages import Branding
from lisa.declared.variables import (
    Folders,
    Issuers,
    LocalHostKinds,
    Machines,
    MostHeld,
    Names,
    Origin,
    Origins,
    UsageDays,
    Where,
    from_json,
    http_address,
)
from lisa.domain.hosting import HostKind
from lisa.domain.issuers import SignIn
from lisa.domain.model import KeyReference

ENVIRONMENT_PREFIX: Final = "LISA_"
BUILT_UI: Final = Path(__file__).parents[2] / "ui" / "dist"


class Settings(BaseModel):
    """What every door reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class IdentitySettings(Settings):
    """What every door reads that tells who calls: whose tokens count, and what groups mean.

    An empty `admin_group` or `rag_admin_group` makes nobody one; an empty `user_group` or
    `api_group` leaves nobody out. User tokens whose owner has not signed in for
    `forget_people_days` are refused until they do, whether an issuer elsewhere knows them or an
    account of the local profile; 0 never refuses them, nor does LISA those of whom no issuer spoke.
    """

    issuers: Issuers = ()
    admin_group: str = ""
    rag_admin_group: str = ""
    user_group: str = ""
    api_group: str = ""
    forget_people_days: Annotated[int, Field(ge=0, le=36_500)] = 90


class AuthorizerSettings(IdentitySettings):
    """The door API Gateway asks whether a call may pass."""

    table_tokens: str
    table_people: str
    table_audit: str


class SessionsSettings(IdentitySettings):
    """The door of chat sessions."""

    table_sessions: str
    table_projects: str
    table_prompts: str
    table_tokens: str
    table_people: str
    table_configuration: str
    table_audit: str
    bucket_content: str


class AdminSettings(IdentitySettings):
    """The door of tokens, configuration, preferences, the audit and usage."""

    table_tokens: str
    table_people: str
    table_configuration: str
    table_preferences: str
    table_audit: str
    table_usage: str


class ModelsSettings(IdentitySettings):
    """The door of models. Keys that come with them have names that begin with `secrets_prefix`,
    and are encrypted with `secrets_key`; if that is empty, with the account's own key.

    `machines` are the ARNs of workflows, by their names; `site` is where models' stacks are. A
    deployment without a network runs no models, and has neither. Where there is no LiteLLM service,
    models that need it are refused.
    """

    table_models: str
    table_model_events: str
    table_model_reports: str
    table_tokens: str
    table_people: str
    table_audit: str
    secrets_prefix: str
    secrets_key: str = ""
    machines: Machines
    site: Where
    has_litellm: bool = True


class WorkflowsSettings(Settings):
    """The door that does the steps of models' workflows."""

    table_models: str
    table_model_events: str
    table_model_reports: str
    site: Where


class WatchSettings(Settings):
    """The scheduled door that looks after models that we run."""

    table_models: str
    table_model_events: str
    table_model_reports: str
    table_audit: str
    machines: Machines
    site: Where


class WakeSettings(Settings):
    """The door by which gateways wake models."""

    table_models: str
    table_model_events: str
    table_audit: str
    machines: Machines


class ToolsSettings(IdentitySettings):
    """The door of tool servers. Their credentials have names that begin with `secrets_prefix`, and
    are encrypted with `secrets_key`; if that is empty, with the account's own key.
    """

    table_tool_servers: str
    table_tokens: str
    table_people: str
    table_configuration: str
    table_audit: str
    secrets_prefix: str
    secrets_key: str = ""


class ServeSettings(IdentitySettings):
    """The gateway. `serve_origins` are the pages that may call it from a browser.

    What is under way when it is told to stop has `serve_drain_seconds` to finish; it keeps an idle
    connection for `serve_idle_seconds`, longer than a balancer in front of it does. Calls that
    aren't stored yet lie in `serve_journal`. Without `litellm_url` there is no LiteLLM service;
    `litellm_secret` is where the secret lies that it wants to see. `waker` is the ARN of the
    function that wakes models; a call that needs it is held for `serve_wake_seconds`, shorter than
    a balancer waits for a word, and of one model each process holds `serve_wake_most` at once. Only
    with `passes_secret` files are kept and searched; `queue_work` is told of work with documents.
    Tables and the bucket of parts that the deployment leaves out are empty; without chat there are
    no turns, and only by `serve_chat` a gateway goes without. `serve_metrics` is the namespace of
    CloudWatch's metrics.
    """

    table_models: str
    table_model_reports: str
    table_tokens: str
    table_people: str
    table_configuration: str
    table_allowances: str
    table_usage: str
    table_audit: str
    table_sessions: str = ""
    table_tool_servers: str = ""
    table_repositories: str = ""
    table_rag_documents: str = ""
    table_rag_jobs: str = ""
    bucket_content: str = ""
    queue_work: str = ""
    passes_secret: KeyReference | None = None
    serve_host: str = "127.0.0.1"
    serve_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    serve_workers: Annotated[int, Field(ge=1, le=64)] = 1
    usage_days: UsageDays = 90
    serve_origins: Origins = ()
    serve_chat: Literal["on", "off"] = "on"
    serve_metrics: Annotated[str, Field(min_length=1, max_length=255)] = "LISA"
    serve_journal: Path
    serve_drain_seconds: Annotated[int, Field(ge=1, le=3600)] = 110
    serve_idle_seconds: Annotated[int, Field(ge=1, le=4005)] = 605
    serve_wake_seconds: Annotated[int, Field(ge=1, le=4000)] = 600
    serve_wake_most: MostHeld = 256
    litellm_url: Annotated[str, AfterValidator(http_address)] = ""
    litellm_secret: KeyReference | None = None
    waker: str = ""

    @model_validator(mode="after")
    def _litellm_is_told_whole(self) -> Self:
        if self.litellm_url and not self.litellm_secret:
            raise ValueError("LISA_LITELLM_URL needs LISA_LITELLM_SECRET")
        return self

    @model_validator(mode="after")
    def _chat_has_its_tables(self) -> Self:
        kept = {
            "table_sessions": self.table_sessions,
            "table_tool_servers": self.table_tool_servers,
        }
        lost = [f"LISA_{name.upper()}" for name, value in kept.items() if not value]
        if self.serve_chat == "on" and lost:
            raise ValueError(
                f"chat needs {' and '.join(lost)}; LISA_SERVE_CHAT=off is for a gateway without"
            )
        return self


class SweepSettings(Settings):
    """The scheduled door that finishes what was left unfinished."""

    table_sessions: str
    bucket_content: str


class RotateSettings(Settings):
    """The door by which Secrets Manager replaces secrets; `rotated_secrets` are their ARNs."""

    rotated_secrets: Names


class LocalSettings(IdentitySettings):
    """The local profile: supervisor, app and worker.

    `provider` is the built-in identity provider: `auto` runs it where LISA listens on loopback only
    and no other issuer is configured; `on` also elsewhere, which sends passwords over plain HTTP
    unless `public_url` is an https address in front of LISA. `sign_in` is where pages send people
    who want in, if not to the built-in provider. `model_hosts` run models: `processes` starts their
    engines on this machine, `scripted` runs nothing and says so. A call that wakes a model is held
    for `wake_seconds`, and of one model `wake_most` are held at once. Pipelines load documents from
    folders below `ingest_folders` only; `ingest_at_once` documents are read at a time.
    """

    admin_group: str = "lisa-admin"
    rag_admin_group: str = "lisa-rag-admin"
    home: Path = Field(default_factory=lambda: Path.home() / ".lisa")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: Origin = ""
    provider: Literal["auto", "on", "off"] = "auto"
    sign_in: Annotated[SignIn | None, BeforeValidator(from_json)] = None
    usage_days: UsageDays = 90  # how long single calls are listed
    built_in: Literal["on", "off"] = "on"  # the models that run on this machine's processor
    model_hosts: LocalHostKinds = (HostKind.PROCESSES,)
    ingest_folders: Folders = ()
    ingest_at_once: Annotated[int, Field(ge=1, le=64)] = 4
    wake_seconds: Annotated[int, Field(ge=1, le=86_400)] = 600
    wake_most: MostHeld = 256
    ui: Path = BUILT_UI
    branding: Annotated[Branding, BeforeValidator(from_json)] = Branding()


class LiteLLMSettings(Settings):
    """The LiteLLM service. `litellm_socket`, where given, takes the place of host and port.

    `litellm_secret` is where the secret lies that the gateway shows with each call, in the form of
    a provider's key: `file:PATH`, `secret:ARN` and so on.
    """

    litellm_host: str = "127.0.0.1"
    litellm_port: Annotated[int, Field(ge=0, le=65535)] = 8090
    litellm_socket: Path | None = None
    litellm_secret: KeyReference


class CliSettings(Settings):
    """The `lisa` command as a client; `lisa up` and its kin read the local settings too."""

    url: str = ""
    token: str = ""
