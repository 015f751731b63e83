"""The commands `lisa models ...`: what there is to call, and where it answers."""

import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from cli.client import Lisa, lisa_of
from cli.errors import FAILED
from cli.given import given
from cli.options import Home, Json
from cli.output import answer, note, pairs, table
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.model import ModelType

HEADINGS: Final = ("ID", "TYPE", "STATUS", "GROUPS", "ANSWERS AT")
SHOWN: Final = ("status", "modelType", "modelDescription", "contextWindow", "maxTokens", "version")
UNTRIED: Final = "not_testable"
TEST_ONLY: Final = "test"

Name = Annotated[str, typer.Argument(help="By which programs call it.", metavar="NAME")]
Url = Annotated[
    str,
    typer.Option(help="Where a server that speaks OpenAI answers, often ending in /v1."),
]
Provider = Annotated[
    str, typer.Option(help="LiteLLM's name of it, like bedrock/MODEL.", metavar="PROVIDER/MODEL")
]
UpstreamModel = Annotated[
    str, typer.Option(help="By which that server knows it, if not NAME.", metavar="M")
]
KeyRef = Annotated[
    str,
    typer.Option(
        help="Where the key lies: env:NAME, file:PATH, secret:NAME, parameter:NAME.", metavar="REF"
    ),
]
KeyStdin = Annotated[
    bool, typer.Option("--key-stdin", help="Read the key; LISA keeps it as a secret.")
]
Type = Annotated[ModelType, typer.Option("--type", help="What it makes.")]
Groups = Annotated[
    list[str] | None,
    typer.Option(help="Who may use it, if not everybody; can be repeated.", metavar="G"),
]
Elsewhere = Annotated[
    str,
    typer.Option(
        "--lisa",
        help="A LISA elsewhere (else LISA_URL); its token comes from LISA_TOKEN.",
        metavar="URL",
        show_default=False,
    ),
]


def add(  # noqa: PLR0913 - one for each option
    *,
    name: Name,
    url: Url = "",
    provider: Provider = "",
    upstream_model: UpstreamModel = "",
    key_ref: KeyRef = "",
    key_stdin: KeyStdin = False,
    group: Groups = None,
    kind: Type = ModelType.TEXT,
    description: Annotated[str, typer.Option(help="What people read of it.", metavar="TEXT")] = "",
    no_test: Annotated[bool, typer.Option("--no-test", help="Don't call it first.")] = False,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Add a model that runs elsewhere, after a call that tries it.

    For example:
      lisa models add llama --url http://127.0.0.1:11434/v1 --upstream-model llama3.2
      lisa models add minilm --url http://127.0.0.1:8000/v1 --type embedding --group research
      lisa models add claude --provider bedrock/MODEL
      lisa models add gpt --provider openai/MODEL --key-ref env:OPENAI_API_KEY
      lisa models add gpt --provider openai/MODEL --key-stdin < key.txt
    """
    wanted = {
        "modelId": name,
        "modelType": kind.value,
        "modelDescription": description,
        "streaming": kind is ModelType.TEXT,
        "allowedGroups": group or [],
        "upstreams": [_upstream(url, provider, upstream_model, _key(key_ref, key_stdin))],
    }
    lisa = lisa_of(given(home=home, url=elsewhere))
    if not no_test:
        _refuse_what_does_not_answer(lisa.ask("POST", "/models/test", wanted))
    made = lisa.ask("POST", "/models", wanted)["model"]
    answer(made, f"added {name}", as_json=as_json)


def list_all(*, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False) -> None:
    """List the models you may use, and for administrators where they answer.

    For example:
      lisa models list
      lisa models list --json
    """
    models = list(every_model(lisa_of(given(home=home, url=elsewhere))))
    rows = [
        (each["modelId"], each["modelType"], each["status"], _groups(each), _places(each))
        for each in models
    ]
    answer({"models": models}, table(HEADINGS, rows), as_json=as_json)


def show(
    *, name: Name, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False
) -> None:
    """Show one model.

    For example:
      lisa models show llama
    """
    model = lisa_of(given(home=home, url=elsewhere)).ask("GET", _path(name))["model"]
    rows = [("id", model["modelId"])]
    rows += [(each, "-" if model[each] in {None, ""} else model[each]) for each in SHOWN]
    rows += [("groups", _groups(model)), ("fallbacks", ", ".join(model["fallbacks"]) or "-")]
    rows += [(f"upstream {each['id']}", _place(each)) for each in model["upstreams"]]
    answer(model, pairs(rows), as_json=as_json)


def try_out(  # noqa: PLR0913 - one for each option
    *,
    name: Annotated[str, typer.Argument(help="A model there is.", metavar="[NAME]")] = "",
    url: Url = "",
    provider: Provider = "",
    upstream_model: UpstreamModel = "",
    key_ref: KeyRef = "",
    key_stdin: KeyStdin = False,
    kind: Type = ModelType.TEXT,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Call a model once, really: one that there is, or one that you might add.

    Ends with 1 if it doesn't answer.

    For example:
      lisa models test llama
      lisa models test --url http://127.0.0.1:11434/v1 --upstream-model llama3.2
      lisa models test --provider bedrock/MODEL
    """
    wanted: dict[str, object] = {"modelId": name or TEST_ONLY}
    if url or provider or not name:
        upstream = _upstream(url, provider, upstream_model or name, _key(key_ref, key_stdin))
        wanted |= {"modelType": kind.value, "upstreams": [upstream]}
        if not upstream["target"]:
            raise Invalid("the server needs a model's name", next_step="give --upstream-model M")
    tried = lisa_of(given(home=home, url=elsewhere)).ask("POST", "/models/test", wanted)
    lines = [line for each in tried["results"] for line in _told(each)]
    answer(tried, "\n".join(lines), as_json=as_json)
    if not tried["ok"]:
        raise typer.Exit(FAILED)


def remove(
    *, name: Name, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False
) -> None:
    """Remove a model, and the key that LISA kept for it.

    For example:
      lisa models remove llama
    """
    lisa_of(given(home=home, url=elsewhere)).ask("DELETE", _path(name))
    answer({"removed": name}, f"removed {name}", as_json=as_json)


def every_model(lisa: Lisa) -> Iterator[Mapping[str, Any]]:
    """Return the models of all pages."""
    cursor = ""
    while True:
        page = lisa.ask("GET", "/models", limit="100", cursor=cursor)
        yield from page["models"]
        cursor = page["nextCursor"]
        if not cursor:
            return


def _upstream(url: str, provider: str, target: str, key: dict[str, str]) -> dict[str, str]:
    if provider:
        return {"kind": "litellm", "target": provider, "url": url, **key}
    if not url:
        raise Invalid(
            "it is not said where the model answers",
            next_step="give --url URL, or --provider PROVIDER/MODEL",
        )
    return {"kind": "openai", "target": target, "url": url, **key}


def _key(reference: str, stdin: bool) -> dict[str, str]:  # noqa: FBT001 - an option's value
    if reference and stdin:
        raise Invalid("--key-ref and --key-stdin are two keys", next_step="give one of them")
    if not stdin:
        return {"key": reference} if reference else {}
    if key := sys.stdin.read().strip():
        return {"apiKey": key}
    raise Invalid("there is no key on standard input", next_step="pipe it in: ... < FILE")


def _refuse_what_does_not_answer(tried: Mapping[str, Any]) -> None:
    for each in tried["results"]:
        if each["cause"] == UNTRIED:
            note(each["message"])
        elif not each["ok"]:
            raise Unavailable(
                each["message"],
                next_step=f"{each['nextStep']}; or add it as it is with --no-test",
                code=each["cause"],
            )


def _told(result: Mapping[str, Any]) -> list[str]:
    if result["ok"]:
        return [f"{result['upstream']} answers, after {result['milliseconds']} ms"]
    return [f"{result['upstream']}: {result['message']}", f"  -> {result['nextStep']}"]


def _groups(model: Mapping[str, Any]) -> str:
    return ", ".join(model["allowedGroups"]) or "everybody"


def _places(model: Mapping[str, Any]) -> str:
    return ", ".join(map(_place, model["upstreams"])) or "-"


def _place(upstream: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (upstream["target"], upstream["url"])))


def _path(name: str) -> str:
    return f"/models/{quote(name, safe='')}"
