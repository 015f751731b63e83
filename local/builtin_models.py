"""Declares the built-in models, which are there as long as the local profile runs them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from lisa.domain.model import Feature, Model, ModelType, Prices, Timeouts, Upstream
from local.builtin.handover import SECRET, URL
from local.builtin.names import DEMO, EMBEDDER
from local.builtin.texts import LONGEST

SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)  # they change with the program, not with time
FREE: Final = Prices(source="computed on this machine")


def built_in_models(environ: Mapping[str, str]) -> tuple[Model, ...]:
    """Return them as the supervisor's children know them; none, where it doesn't run them."""
    if URL not in environ:
        return ()
    upstream = Upstream(id="built-in", url=f"{environ[URL]}/v1", key=f"env:{SECRET}", concurrent=64)
    return (_demo(upstream), _embedder(upstream))


def _demo(upstream: Upstream) -> Model:
    return Model(
        id=DEMO,
        type=ModelType.TEXT,
        description="No language model: quotes sentences from what you send, word for word.",
        upstreams=(upstream,),
        prices=FREE,
        timeouts=Timeouts(first_byte=30),
        max_tokens=2048,
        built_in=True,
        created=SINCE,
        changed=SINCE,
    )


def _embedder(upstream: Upstream) -> Model:
    return Model(
        id=EMBEDDER,
        type=ModelType.EMBEDDING,
        description="sentence-transformers/all-MiniLM-L6-v2 on this machine's CPU.",
        streaming=False,
        features=(Feature(name="dimensions", overview="384"),),
        upstreams=(upstream,),
        prices=FREE,
        timeouts=Timeouts(first_byte=60),
        context_window=LONGEST,
        built_in=True,
        created=SINCE,
        changed=SINCE,
    )
