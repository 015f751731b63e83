"""What administrators switch and limit while LISA runs: one document, in LISA's own words."""

import json
from datetime import datetime
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    field_serializer,
)
from pydantic.alias_generators import to_camel

from lisa.domain.errors import Invalid, TooLarge
from lisa.domain.faults import named
from lisa.domain.identity import SUBJECT_PATTERN, Limits, Principal

GLOBAL: Final = "global"  # the only scope there is
MAX_PREFERENCES_BYTES: Final = 32 * 1024
NO_LIMITS: Final = Limits()

Colour = Annotated[str, StringConstraints(pattern=r"^(#[0-9A-Fa-f]{3,8}|[A-Za-z]{1,30})?$")]
Reason = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]


class Part(BaseModel):
    """A part of the document: a key or a type we don't know is refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True
    )


class Components(Part):
    """Which features there are; what reaches into the AWS account begins switched off."""

    delete_session_history: bool = True
    view_meta_data: bool = True
    edit_kwargs: bool = True
    edit_prompt_template: bool = True
    edit_num_of_rag_document: bool = True
    edit_chat_history_buffer: bool = True
    upload_rag_docs: bool = True
    rag_selection_available: bool = True
    upload_context_docs: bool = True
    document_summarization: bool = True
    show_rag_library: bool = True
    show_prompt_template_library: bool = True
    enable_model_comparison_utility: bool = True
    mcp_connections: bool = True
    bedrock_agents: bool = False
    aws_sessions: bool = False
    show_mcp_workbench: bool = False
    model_library: bool = True
    encrypt_session: bool = False
    enable_user_api_tokens: bool = True
    chat_assistant_stacks: bool = True
    project_organization: bool = True


class Banner(Part):
    """A line at the top of every page."""

    is_enabled: bool = False
    text: Annotated[str, Field(max_length=1000)] = ""
    text_color: Colour = ""
    background_color: Colour = ""


class Announcement(Part):
    """What everybody is told when they come."""

    is_enabled: bool = False
    message: Annotated[str, Field(max_length=10_000)] = ""


class Defaults(Part):
    """What is taken where nobody chose."""

    default_model: Annotated[str, Field(max_length=200)] | None = None


Name = Annotated[str, StringConstraints(pattern=SUBJECT_PATTERN)]


class SetLimits(Part):
    """Limits on inference: for everybody without their own, for users, for groups as a whole."""

    everybody: Limits = NO_LIMITS
    users: Annotated[dict[Name, Limits], Field(max_length=1000)] = {}
    groups: Annotated[dict[Name, Limits], Field(max_length=200)] = {}

    @field_serializer("everybody")
    def _only_set(self, limits: Limits) -> dict[str, JsonValue]:
        return limits.model_dump(exclude_none=True)

    @field_serializer("users", "groups")
    def _only_set_of_each(self, named: dict[str, Limits]) -> dict[str, JsonValue]:
        return {name: self._only_set(limits) for name, limits in named.items()}

    def seen_by(self, caller: Principal) -> "SetLimits":
        """Return those that hold for the caller; of others' nothing is told."""
        return SetLimits(
            everybody=self.everybody,
            users={name: each for name, each in self.users.items() if name == caller.subject},
            groups={name: each for name, each in self.groups.items() if name in caller.groups},
        )


class Configuration(Part):
    """The whole document."""

    enabled_components: Components = Components()
    system_banner: Banner = Banner()
    announcement: Announcement = Announcement()
    defaults: Annotated[Defaults, Field(alias="global")] = Defaults()
    max_projects_per_user: Annotated[int, Field(ge=0, le=10_000)] = 50
    limits: SetLimits = SetLimits()

    def wire(self) -> dict[str, JsonValue]:
        """Return the document as it is kept and sent."""
        return self.model_dump(mode="json", by_alias=True)

    def switches(self) -> dict[str, bool]:
        """Return each switch by its name on the wire."""
        return self.enabled_components.model_dump(by_alias=True)


class Version(BaseModel):
    """The document as it was from one change to the next; version 0 is what nobody changed yet."""

    model_config = ConfigDict(frozen=True)

    number: int = 0
    configuration: Configuration = Configuration()
    changed: datetime | None = None
    changed_by: str = ""
    reason: str = ""


def read(document: JsonValue) -> Configuration:
    """Read a document somebody sent; what is wrong is named, never its value."""
    try:
        return Configuration.model_validate(document, by_name=False, by_alias=True)
    except ValidationError as fault:
        raise Invalid(
            named(fault, "configuration"),
            next_step="correct or remove these keys",
            code="bad_configuration",
        ) from fault


def read_kept(document: JsonValue) -> Configuration:
    """Read a document we kept; a key of another release of LISA is passed over."""
    return Configuration.model_validate(document, extra="ignore")


def accepted_preferences(preferences: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the preferences if they are small enough and can be sent back."""
    try:
        size = len(json.dumps(preferences, ensure_ascii=False).encode())
    except UnicodeEncodeError as fault:
        raise Invalid("preferences hold half of a character", code="bad_preferences") from fault
    if size > MAX_PREFERENCES_BYTES:
        raise TooLarge(
            f"preferences have at most {MAX_PREFERENCES_BYTES // 1024} KB as JSON",
            next_step="keep less in them",
            code="preferences_too_large",
        )
    return preferences
