"""Writes the reference page and the example with every key.

Run it as `python -m deployment.config.reference`.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from deployment.config.examples import file_of
from deployment.config.explaining import REQUIRED, Explained, default_of, explained, is_required
from deployment.config.places import ENVIRONMENT
from deployment.config.shapes import Shape, every_key, whole

PAGE: Final = Path(__file__).parents[2] / "docs" / "operations" / "configuration.md"
WIDTH: Final = 100
WHOLE_WORDS: Final[Any] = {"break_long_words": False, "break_on_hyphens": False}
INTRODUCTION: Final = f"""\
# Every key of the configuration

Written by `make config` from `deployment/config`; `lisa config explain KEY` tells the same.

What counts, each above the one before: the defaults of this page; a YAML file; variables \
`{ENVIRONMENT}...`, with `__` between levels (`{ENVIRONMENT}SERVE__DOMAIN`, an empty one counts \
as none); and `-c KEY=VALUE`, of `cdk` as of `lisa`. Parts merge key by key; a list takes the \
place of the one below. In variables and behind `-c`, text stands as it is; anything else is YAML: \
`-c 'serve.callers=[10.0.0.0/8]'`. Variables name tags, roles and the like in lower case only; \
where that isn't enough, give them whole: `-c 'tags={{Team: platform}}'`.

Files are plain YAML: no anchors, aliases or tags, and a word is text where text is asked for, \
whether it looks like a number (an account's leading zero stays) or like yes and no. \
`lisa config init` writes an example with comments, `lisa config check FILE` tells all that is \
wrong with a file, by its lines, and `lisa config explain KEY --file FILE` where a value comes from.
"""
FULL: Final = """\
# Every part there is, and every key; those with a # say nothing, as their defaults do.
# Written by `make config` from deployment/config; begin with it: lisa config init --example full

"""
# What the example with every key says besides defaults.
CHOSEN: Final[Mapping[str, object]] = {
    "serve.enabled": True,
    "serve.callers": ["10.0.0.0/8"],
    "serve.certificate": (
        "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
    ),
    "serve.domain": "inference.example.com",
    "serve.origins": ["https://lisa.example.com"],
    "serve.workers": 2,
    "serve.capacity.cpu": 2048,
    "serve.capacity.memory_mb": 4096,
    "litellm.bedrock_models": ["amazon.nova-lite-v1:0"],
    "litellm.sagemaker_endpoints": ["summaries"],
    "models.weights_buckets": ["example-weights"],
    "knowledge.source_buckets": ["example-documents"],
    "knowledge.tasks": 2,
    "observability.alarm_emails": ["ops@example.com"],
    "backup.enabled": True,
}


def page() -> str:
    """Return the reference page."""
    return "\n".join([INTRODUCTION, *_sections()])


def full() -> str:
    """Return the example with every key."""
    return FULL + "".join(_lines(whole(), "", 0))


def main() -> None:
    """Write both."""
    PAGE.write_text(page(), encoding="utf-8")
    file_of("full").write_text(full(), encoding="utf-8")


def _sections() -> Iterator[str]:
    keys = explained()
    alone = [each for each in keys if "." not in each.key and not _is_part(each.key)]
    yield from _section("The deployment itself", "", alone)
    for name, shape in whole().children.items():
        if shape.kind == "part":
            inside = [e for e in keys if e.key.startswith(f"{name}.") and not _is_part(e.key)]
            yield from _section(f"`{name}`", shape.meaning, inside)


def _section(title: str, meaning: str, keys: list[Explained]) -> Iterator[str]:
    yield f"## {title}\n"
    if meaning:
        yield f"{meaning}\n"
    yield "| key | meaning | takes | default |\n|---|---|---|---|"
    for each in keys:
        default = each.default if each.default == REQUIRED else f"`{each.default}`"
        yield f"| `{each.key}` | {_cell(each.meaning)} | {_cell(each.takes)} | {_cell(default)} |"
    yield ""


def _is_part(key: str) -> bool:
    return every_key()[key].kind == "part"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _lines(shape: Shape, at: str, depth: int) -> Iterator[str]:
    """Yield a part as YAML: what it means above each key, those without a part first."""
    indent = "  " * depth
    for name, child in sorted(shape.children.items(), key=lambda pair: pair[1].kind == "part"):
        key = f"{at}.{name}".removeprefix(".")
        yield "\n" if child.kind == "part" and depth == 0 else ""
        yield from _comment(child, indent)
        if child.kind == "part" and not child.takes_nothing:
            yield f"{indent}{name}:\n"
            yield from _lines(child, key, depth + 1)
        elif key in CHOSEN:
            yield f"{indent}{name}: {json.dumps(CHOSEN[key])}\n"
        else:
            yield f"{indent}# {name}: {default_of(key) or child.example}".rstrip() + "\n"
            yield from _item(child, key, indent)


def _item(shape: Shape, key: str, indent: str) -> Iterator[str]:
    """Yield what may stand below a key that says nothing yet."""
    inside = shape.each if shape.kind == "list" else shape
    if inside is None or inside.kind != "part":
        return
    for number, (name, child) in enumerate(inside.children.items()):
        first = "- " if shape.kind == "list" and not number else "  "
        inner = f"{key}[].{name}" if shape.kind == "list" else f"{key}.{name}"
        default = "" if is_required(inner) else json.dumps(child.schema.get("default"))
        told = default if default not in ("", "null") else child.example or "..."
        yield f"{indent}# {first}{name}: {told}  # {child.meaning}\n"


def _comment(shape: Shape, indent: str) -> Iterator[str]:
    takes = "" if shape.kind in {"part", "boolean"} else f" ({shape.words()})"
    meaning = shape.meaning.rstrip(".") + takes if takes else shape.meaning
    for line in wrap(meaning, WIDTH - len(indent) - 2, **WHOLE_WORDS):
        yield f"{indent}# {line}\n"


if __name__ == "__main__":
    main()
