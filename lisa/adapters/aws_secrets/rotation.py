"""The steps by which Secrets Manager replaces a secret that the stacks made."""

import logging
from collections.abc import Collection, Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from lisa.domain.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from lisa.domain.rotating import Rotating, read_rotating
from lisa.ports.ids import Ids

CURRENT: Final = "AWSCURRENT"
PENDING: Final = "AWSPENDING"
STEPS: Final = ("createSecret", "setSecret", "testSecret", "finishSecret")
NOT_THERE: Final = "ResourceNotFoundException"
MADE_ALREADY: Final = "ResourceExistsException"
log = logging.getLogger("lisa.aws")


class Rotation:
    """Does one step for one of the secrets it knows; each may be done again."""

    def __init__(self, client: Any, ids: Ids, secrets: Collection[str]) -> None:
        """Know the ARNs of all secrets that may be replaced."""
        self._client, self._ids, self._secrets = client, ids, frozenset(secrets)

    def step(self, name: str, secret: str, version: str) -> None:
        """Do the step; where this version is the current one already, nothing is left to do."""
        if secret not in self._secrets:
            raise Forbidden("this secret isn't one that is replaced here", code="foreign_secret")
        if name not in STEPS:
            raise Invalid(f"no rotation has a step {name[:32]!r}")
        stages = self._stages(secret)
        if CURRENT in (mine := _of_version(stages, version)):
            return
        if PENDING not in mine:
            raise Conflict("no rotation to this version is under way", code="not_pending")
        if name == "createSecret":
            self._create(secret, version)
        elif name != "setSecret":  # nobody else keeps it
            self._test(secret, version)
        if name == "finishSecret":
            self._finish(secret, version, stages)

    def _create(self, secret: str, version: str) -> None:
        if self._value(secret, VersionId=version, VersionStage=PENDING) is not None:
            return
        text = self._current(secret).rotated(self._ids.secret()).text
        try:
            self._ask(
                "put_secret_value",
                SecretId=secret,
                ClientRequestToken=version,
                SecretString=text,
                VersionStages=[PENDING],
            )
        except ClientError as error:
            if _code(error) != MADE_ALREADY:  # the same step, done twice at once
                raise _unavailable(error) from error

    def _test(self, secret: str, version: str) -> None:
        """See that nobody loses a word that is in use; AWS tries a rotation with the same text."""
        current = self._current(secret)
        text = self._value(secret, VersionId=version, VersionStage=PENDING)
        new = read_rotating(text or "")
        if new != current and not new.follows(current):
            raise Conflict(
                "the secret was changed while it was replaced",
                next_step="take the stage AWSPENDING from that version, then rotate anew",
                code="changed_meanwhile",
            )

    def _finish(self, secret: str, version: str, stages: Mapping[str, list[str]]) -> None:
        former = next(each for each, told in stages.items() if CURRENT in told)
        try:
            self._ask(
                "update_secret_version_stage",
                SecretId=secret,
                VersionStage=CURRENT,
                MoveToVersionId=version,
                RemoveFromVersionId=former,
            )
        except ClientError as error:
            raise _unavailable(error) from error

    def _current(self, secret: str) -> Rotating:
        text = self._value(secret, VersionStage=CURRENT)
        if not text:
            raise NotFound("the secret has no text to go on from", code="no_secret")
        return read_rotating(text)

    def _stages(self, secret: str) -> Mapping[str, list[str]]:
        try:
            told = self._ask("describe_secret", SecretId=secret)
        except ClientError as error:
            raise _unavailable(error) from error
        return dict(told.get("VersionIdsToStages", {}))

    def _value(self, secret: str, **which: str) -> str | None:
        try:
            told = self._ask("get_secret_value", SecretId=secret, **which)
        except ClientError as error:
            if _code(error) == NOT_THERE:
                return None
            raise _unavailable(error) from error
        return str(told.get("SecretString", "")) or None

    def _ask(self, call: str, **asked: Any) -> Any:
        try:
            return getattr(self._client, call)(**asked)
        except BotoCoreError as error:
            raise _unavailable(error) from error


def _of_version(stages: Mapping[str, list[str]], version: str) -> list[str]:
    if version not in stages:
        raise NotFound("the secret has no such version", code="no_such_version")
    return stages[version]


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))


def _unavailable(cause: Exception) -> Unavailable:
    log.warning("Secrets Manager can't be used: %s", cause)
    return Unavailable(
        "Secrets Manager can't replace a secret now",
        next_step="it asks again by itself; else see the log of the function's role",
        code="rotation_failed",
    )
