"""The commands `lisa models create` and `update`: models that LISA runs itself."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import typer

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.models.asked import typed
from cli.models.hosting_options import HostingOptions
from cli.models.library import catalogued, engine_named, engines_of
from cli.models.options import Description, Elsewhere, Groups, Name, Wait, path_of
from cli.models.running import begun
from cli.models.writing import write
from cli.options import Home, Json
from cli.spreading import spread
from lisa.domain.errors import Invalid
from lisa.domain.hosting import EngineName, HostKind
from lisa.domain.model import ModelType

ONE_REPLICA: Final = {"minimum": 1, "maximum": 1, "desired": 1}
DISK_GB: Final = 100  # of what the catalogue has: its largest weights, and room to work

Engine = Annotated[
    EngineName | None,
    typer.Option(help="What runs it; `lisa models engines` tells of each.", show_default=False),
]
Catalogued = Annotated[
    str,
    typer.Option(
        "--from-catalogue", help="Begin with what `lisa models catalogue` has.", metavar="NAME"
    ),
]
Host = Annotated[
    HostKind | None,
    typer.Option("--host", help="Who runs it, if LISA has several.", show_default=False),
]
Type = Annotated[
    ModelType | None, typer.Option("--type", help="What it makes.", show_default=False)
]
FormerOptions = Annotated[
    list[str] | None,
    typer.Option("--no-option", help="An option to leave out; can be repeated.", metavar="NAME"),
]
FormerVariables = Annotated[
    list[str] | None,
    typer.Option("--no-env", help="A variable to leave out; can be repeated.", metavar="NAME"),
]


@spread(HostingOptions, "asked")
def create(  # noqa: PLR0913 - one for each option
    *,
    name: Name,
    asked: HostingOptions,
    engine: Engine = None,
    catalogue: Catalogued = "",
    host: Host = None,
    kind: Type = None,
    group: Groups = None,
    description: Description = "",
    wait: Wait = False,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Create a model that LISA runs: an engine, with weights from a folder, a bucket or a hub.

    LISA answers at once; --wait tells what is done until the model is in service. For a model
    that runs elsewhere see `lisa models add`.

    For example:
      lisa models create qwen --from-catalogue Qwen/Qwen3-8B --wait
      lisa models create qwen --engine vllm --weights s3://my-models/qwen3-8b --gpus 1
      lisa models create tiny --engine llama.cpp --weights ./tiny.gguf --idle 30m
      lisa models create bge --engine tei --weights BAAI/bge-large-en-v1.5 --type embedding
      lisa models create qwen --engine vllm --weights Qwen/Qwen3-8B --option max_model_len=8192
    """
    lisa = lisa_of(given(home=home, url=elsewhere))
    entry = catalogued(lisa, catalogue) if catalogue else {}
    made = kind.value if kind else entry.get("type", ModelType.TEXT.value)
    wanted = {
        "modelId": name,
        "hostingType": "lisa_hosted",
        "modelType": made,
        "modelDescription": description,
        "streaming": made == ModelType.TEXT,
        "allowedGroups": group or [],
        "hosting": _hosting(lisa, asked, engine, host, entry),
    }
    begun(lisa, write(lisa, "POST", "/models", wanted)["model"], wait=wait, as_json=as_json)


@spread(HostingOptions, "asked")
def update(  # noqa: PLR0913 - one for each option
    *,
    name: Name,
    asked: HostingOptions,
    no_option: FormerOptions = None,
    no_env: FormerVariables = None,
    wait: Wait = False,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Change what a model runs on; what isn't given stays.

    One in service is replaced with no call lost, and what was comes back if the new one fails.
    For one that is stopped, changes apply at its next start.

    For example:
      lisa models update qwen --option max_model_len=16384 --wait
      lisa models update qwen --weights s3://my-models/qwen3-8b-v2 --gpus 2
      lisa models update qwen --no-option max_model_len --idle never
    """
    lisa = lisa_of(given(home=home, url=elsewhere))
    model = lisa.ask("GET", path_of(name))["model"]
    now = model["hosting"]
    if not now:
        raise Invalid(
            f"{name} isn't run by this LISA, or isn't yours to change",
            next_step=f"`lisa models show {name}` tells where it answers",
            code="not_hosted",
        )
    changes = _changes(lisa, asked, now, no_option or (), no_env or ())
    if not changes:
        raise Invalid(
            "nothing is to change",
            next_step="give an option that differs from what `lisa models show` tells",
        )
    wanted = {"hosting": changes, "version": model["version"]}
    changed = write(lisa, "PUT", path_of(name), wanted)["model"]
    begun(lisa, changed, wait=wait, as_json=as_json)


def _hosting(
    lisa: Lisa,
    asked: HostingOptions,
    engine: EngineName | None,
    host: HostKind | None,
    entry: Mapping[str, Any],
) -> dict[str, Any]:
    """Return all that was said of it, over what the catalogue suggests."""
    name = engine.value if engine else entry.get("engine", "")
    weights = asked.loaded({"source": entry.get("id", "")})
    if not name or not weights.get("source"):
        raise Invalid(
            "it is not said what shall run",
            next_step="give --engine and --weights, or --from-catalogue",
            code="no_engine",
        )
    engines = engines_of(lisa)
    suggested = entry["options"] if entry.get("engine") == name else {}
    hosts = [host.value] if host else engines["hosts"]
    return {
        **({"kind": host.value} if host else {}),
        "engine": name,
        "weights": weights,
        "options": {**suggested, **typed(asked.texts(), engine_named(engines, name)["options"])},
        "environment": asked.variables(),
        "scaling": asked.scaling(ONE_REPLICA),
        **_machine_of(entry, hosts),
        **asked.machine(),
    }


def _machine_of(entry: Mapping[str, Any], hosts: list[str]) -> dict[str, Any]:
    """Return the machine that the catalogue suggests, where machines are chosen."""
    if not entry or hosts[:1] != [HostKind.CLOUDFORMATION]:
        return {}
    return {"instanceType": entry["instanceType"], "diskGb": DISK_GB}


def _changes(
    lisa: Lisa,
    asked: HostingOptions,
    now: Mapping[str, Any],
    no_option: Sequence[str],
    no_env: Sequence[str],
) -> dict[str, Any]:
    """Return the keys of a hosting that become others."""
    texts = asked.texts()
    schema = engine_named(engines_of(lisa), now["engine"])["options"] if texts else {}
    wanted = {
        "options": _without({**now["options"], **typed(texts, schema)}, no_option),
        "environment": _without({**now["environment"], **asked.variables()}, no_env),
        "weights": asked.loaded(now["weights"]),
        "scaling": asked.scaling(now["scaling"]),
        **asked.machine(),
    }
    return {key: value for key, value in wanted.items() if value != now[key]}


def _without(values: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
