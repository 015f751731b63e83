"""The servers of models that LISA can start, and what is said to each when it starts."""

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from pydantic import JsonValue, ValidationError

from lisa.declared.engine_options import variables
from lisa.declared.engine_options.engine import Engine, EngineOptions, Place, unfit
from lisa.declared.engine_options.llama_cpp import LLAMA_CPP
from lisa.declared.engine_options.tei import TEI
from lisa.declared.engine_options.tgi import TGI
from lisa.declared.engine_options.vllm import VLLM
from lisa.domain.errors import Invalid
from lisa.domain.faults import named
from lisa.domain.hosting import EngineName, Hosting, HostKind
from lisa.domain.model import ModelType
from lisa.domain.weights import ModelFacts, Origin, origin_of

ENGINES: Final[Mapping[EngineName, Engine]] = {
    engine.name: engine for engine in (VLLM, TGI, TEI, LLAMA_CPP)
}

REVISION: Final = re.compile(r"^([A-Za-z0-9][\w./-]*)?$")


def engine_of(hosting: Hosting) -> Engine:
    """Return the engine that a model runs on."""
    return ENGINES[hosting.engine]


def checked(engine: Engine, options: Mapping[str, JsonValue]) -> EngineOptions:
    """Return the options, typed; what is unknown, dangerous or wrong is `Invalid` with a reason."""
    for name in options:
        if name not in engine.options.model_fields:
            raise _refused_option(engine, name)
    try:
        return engine.options.model_validate_json(json.dumps(dict(options)))
    except ValidationError as fault:
        raise Invalid(
            f"options of {engine.name.value}: {named(fault)}",
            next_step="correct these options",
            code="option_invalid",
        ) from fault


def refuse_unfit(hosting: Hosting, model_type: ModelType) -> None:
    """Raise `Invalid` where any part of a hosting can't work; nothing is started or read."""
    engine = engine_of(hosting)
    if model_type not in engine.serves:
        raise unfit(
            f"{engine.name.value} doesn't serve models of the type {model_type.value}",
            "choose another engine",
        )
    if engine.most_gpus is not None and hosting.gpus > engine.most_gpus:
        raise unfit(
            f"{engine.name.value} computes on {engine.most_gpus} GPU, not on {hosting.gpus}",
            "give it one GPU, and more replicas",
        )
    options = checked(engine, hosting.options)
    _refuse_weights(engine, hosting, options)
    options.refuse_unfit(hosting)
    variables.refuse_environment(engine, hosting.environment)
    if hosting.kind is HostKind.CLOUDFORMATION:
        image(hosting)


def command(hosting: Hosting, place: Place) -> list[str]:
    """Return the whole command that starts a hosting's engine at a place."""
    refuse_unfit(hosting, place.type)
    engine = engine_of(hosting)
    _refuse_place(engine, place)
    refuse_beyond(hosting, place.facts)
    return [*engine.program, *checked(engine, hosting.options).arguments(hosting, place)]


def refuse_beyond(hosting: Hosting, facts: ModelFacts) -> None:
    """Raise `Invalid` where the model itself can't do what is asked for."""
    options = checked(engine_of(hosting), hosting.options)
    asked = options.window() or 0
    if facts.context_window and asked > facts.context_window:
        raise unfit(
            f"the model takes {facts.context_window} tokens, {asked} were asked for",
            f"ask for {facts.context_window} at most",
        )
    shards = options.shards(hosting.gpus)
    if facts.attention_heads and facts.attention_heads % shards:
        raise unfit(
            f"{facts.attention_heads} attention heads can't be shared by {shards} GPUs",
            "choose a number of GPUs that divides them",
        )


def environment(hosting: Hosting) -> dict[str, str]:
    """Return the variables an engine gets beside those of its host; secrets are told apart."""
    engine = engine_of(hosting)
    variables.refuse_environment(engine, hosting.environment)
    offline = origin_of(hosting.weights.source) is not Origin.HUB
    return {
        **engine.environment,
        **({"HF_HUB_OFFLINE": "1"} if offline else {}),
        **variables.plain(hosting.environment),
    }


def secrets(hosting: Hosting) -> dict[str, str]:
    """Return the variables whose values are references that the host resolves."""
    variables.refuse_environment(engine_of(hosting), hosting.environment)
    return variables.secret(hosting.environment)


def image(hosting: Hosting, tag: str = "") -> str:
    """Return the image, without a registry's host; `tag` takes the place of the declared one."""
    engine = engine_of(hosting)
    return hosting.image or f"{engine.image}:{engine.tagged(hosting, tag or engine.tag)}"


def reads_s3(hosting: Hosting) -> bool:
    """Tell whether the engine itself reads weights from S3; else they are put into a folder."""
    return bool(engine_of(hosting).s3_formats)


def health_path(hosting: Hosting) -> str:
    """Return where an engine tells that it is well."""
    return hosting.health.path or engine_of(hosting).health


def context_window(hosting: Hosting, facts: ModelFacts) -> int | None:
    """Return how many tokens a call may have: what was asked for, else what the model takes."""
    asked = checked(engine_of(hosting), hosting.options).window()
    return min((each for each in (asked, facts.context_window) if each), default=None)


def _refused_option(engine: Engine, name: str) -> Invalid:
    plain = name.lstrip("-").replace("-", "_").lower()
    reason = engine.refused.get(plain)
    if reason:
        return Invalid(
            f"the option {name} of {engine.name.value} isn't taken: {reason}",
            next_step="leave it out",
            code="option_refused",
        )
    near = get_close_matches(plain, engine.options.model_fields, n=1)
    return Invalid(
        f"{engine.name.value} has no option {name} that LISA knows",
        next_step=f"did you mean {near[0]}?" if near else "look at the engine's options",
        code="option_unknown",
    )


def _refuse_weights(engine: Engine, hosting: Hosting, options: EngineOptions) -> None:
    origin = origin_of(hosting.weights.source)
    in_folder = origin is Origin.FOLDER or (origin is Origin.S3 and not engine.s3_formats)
    if options.names_a_file() and not in_folder:
        raise unfit(
            "these weights lie in no folder that an option could name a file of",
            "give the text of the template as chat_template",
        )
    if not REVISION.fullmatch(hosting.weights.revision):
        raise unfit("this is no revision of weights", "give a branch, a tag or a commit")
    if hosting.weights.trust_remote_code and not engine.runs_model_code:
        raise unfit(
            f"{engine.name.value} runs no code of models, so there is none to trust",
            "leave trust_remote_code out",
        )


def _refuse_place(engine: Engine, place: Place) -> None:
    if place.origin is Origin.S3 and not engine.s3_formats:
        raise unfit(
            f"{engine.name.value} loads weights from a folder, not from S3",
            "download them first",
        )
