"""The catalogue: every suggestion can be started, fits its GPU and names its sources."""

import re
from datetime import date

import pytest

from lisa.declared.catalogue import CATALOGUE, Entry
from lisa.declared.engine_options.engine import Place
from lisa.declared.engines import command, context_window, image
from lisa.domain.hosting import HostKind
from lisa.domain.model import ModelType
from lisa.domain.weights import ModelFacts

GIB = 2**30
# What the EC2 API reports of one GPU (specifications of 2026-07-11).
GPU_MEMORY = {"g6": 22.35 * GIB, "g6e": 44.70 * GIB}
USABLE = 0.92  # vLLM's default share
FOR_COMPUTING = 2 * GIB

entries = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)


@entries
def test_every_fact_names_its_source_and_day(entry: Entry) -> None:
    facts = [entry.context, entry.parameters, entry.dimension, entry.cache_bytes]
    for fact in facts:
        if fact is not None:
            assert fact.source
            assert date.fromisoformat(fact.date) <= date(2026, 11, 21)
            assert (fact.value is None) == fact.source.startswith("unverified: ")


@entries
@pytest.mark.parametrize("kind", list(HostKind))
def test_every_suggestion_can_be_started(entry: Entry, kind: HostKind) -> None:
    given = entry.hosting(kind)
    facts = ModelFacts(context_window=entry.context.value)
    place = Place(model_id="tiny", weights=entry.id, port=8000, type=entry.type, facts=facts)
    assert entry.id in command(given, place)
    assert context_window(given, facts)
    assert re.fullmatch(r"[\w./-]+:[\w.-]+", image(given))


@entries
def test_every_suggestion_fits_its_gpu(entry: Entry) -> None:
    weights = 2 * (entry.parameters.value or 0)
    cache = entry.cache_bytes.value if entry.cache_bytes else 0
    tokens = entry.options.get("max_model_len", 0)
    assert isinstance(tokens, int)
    needed = weights + (cache or 0) * tokens + FOR_COMPUTING
    assert needed <= GPU_MEMORY[entry.instance_type.partition(".")[0]] * USABLE


def test_three_embedders_have_three_dimensions() -> None:
    found = [entry for entry in CATALOGUE if entry.type is ModelType.EMBEDDING]
    assert {entry.dimension.value for entry in found if entry.dimension} == {384, 1024, 4096}


def test_the_preconfigured_models_are_there() -> None:
    names = {entry.name for entry in CATALOGUE}
    assert {"Llama 3.1 8B", "Phi-3 medium 128k", "Mistral 7B", "Qwen3 8B"} <= names
