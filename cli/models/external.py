"""The commands `lisa models add` and `test`: models that run elsewhere, and whether they answer."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from cli.client import lisa_of
from cli.errors import FAILED
from cli.given import given
from cli.models.options import Description, Elsewhere, Groups, Name, Type
from cli.models.writing import write
from cli.options import Home, Json
from cli.output import answer, note
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.model import ModelType

UNTRIED: Final = "not_testable"
TEST_ONLY: Final = "test"

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
    description: Description = "",
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
    made = write(lisa, "POST", "/models", wanted)["model"]
    answer(made, f"added {name}", as_json=as_json)


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
