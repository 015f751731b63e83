"""What a deployment may choose about being watched and kept safe."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deployment.config.values import Email, Part, RoleArn, Topic


class ObservabilityConfig(Part):
    """Dashboards, alarms and traces."""

    enabled: bool = True
    """Make dashboards and alarms; without it nobody is told when something is wrong."""
    alarm_emails: tuple[Email, ...] = ()
    """Who is written to when something is wrong; each confirms it once."""
    alarm_topic: Topic = ""
    """A topic that is there already, told in place of one that is made."""
    tracing: bool = False
    """Trace the control API, its functions and workflows with X-Ray."""

    @model_validator(mode="after")
    def _says_who_is_told(self) -> Self:
        if self.alarm_emails and self.alarm_topic:
            raise ValueError(
                "alarm_emails subscribe to a topic that is made; subscribe to alarm_topic yourself"
            )
        if not self.enabled and (self.alarm_emails or self.alarm_topic or self.tracing):
            raise ValueError("alarm_emails, alarm_topic and tracing need enabled")
        return self

    @property
    def makes_topic(self) -> bool:
        """Tell whether there comes to be a topic for alarms."""
        return self.enabled and not self.alarm_topic


class BackupConfig(Part):
    """Daily copies of tables in a vault of their own, besides what tables keep by themselves."""

    enabled: bool = False
    """Make the vault and the plan."""
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 35
    """How long a copy is kept."""
    removers: tuple[RoleArn, ...] = ()
    """Roles that may remove copies before their time; nobody else in the account may."""
    lock: Literal["off", "governance", "compliance"] = "off"
    """Whether the vault enforces `keep_days`: `governance` can be taken off by whoever may;
    `compliance` by nobody, once three days have passed."""
