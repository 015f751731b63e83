"""The commands `lisa models start` and `stop`: whether a model runs."""

from typing import Any

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.models.options import Elsewhere, Name, Wait, path_of
from cli.models.timeline import keep_quiet, tell, watch_until_arrived
from cli.models.writing import write
from cli.options import Home, Json
from cli.output import answer, note
from lisa.domain.lifecycle import ON_ITS_WAY


def start(
    *,
    name: Name,
    wait: Wait = False,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Bring a model that stands still into service.

    For example:
      lisa models start llama --wait
    """
    _change(lisa_of(given(home=home, url=elsewhere)), name, {"enabled": True}, wait, as_json)


def stop(
    *,
    name: Name,
    wait: Wait = False,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Take a model out of service; calls that are under way come to their end first.

    For example:
      lisa models stop llama
      lisa models stop llama --wait
    """
    _change(lisa_of(given(home=home, url=elsewhere)), name, {"enabled": False}, wait, as_json)


def begun(lisa: Lisa, model: Any, *, wait: bool, as_json: bool) -> None:
    """Say on what way a model is, and stay until it has arrived if that is wanted."""
    name, after = model["modelId"], model["version"] - 1
    if not wait:
        answer(model, f"{name} is {model['status']}", as_json=as_json)
        if model["status"] in ON_ITS_WAY and not as_json:
            note(f"`lisa models watch {name}` tells how far it is")
        return
    try:
        watch_until_arrived(lisa, name, after, keep_quiet if as_json else tell)
    finally:
        if as_json:
            answer(lisa.ask("GET", path_of(name))["model"], "", as_json=True)


def _change(lisa: Lisa, name: str, body: object, wait: bool, as_json: bool) -> None:  # noqa: FBT001 - options
    begun(lisa, write(lisa, "PUT", path_of(name), body)["model"], wait=wait, as_json=as_json)
