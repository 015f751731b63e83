"""Asking for embeddings: fewer at once where a model takes fewer, later where it is busy."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from lisa.adapters.memory.clock import START, ManualClock
from lisa.domain.errors import Invalid, LimitReached, LisaError, Unavailable
from lisa.ports.embedding import OnBehalf
from lisa.usecases.knowledge.patience import PatientEmbedder

ANN = OnBehalf("ann")


@dataclass
class Model:
    """Takes so many texts at once, and raises what it is told to first."""

    most: int = 64
    faults: list[LisaError] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        del model, whose
        self.sizes.append(len(texts))
        if self.faults:
            raise self.faults.pop(0)
        if len(texts) > self.most or "bad" in texts:
            raise Invalid("batch size > maximum allowed batch size")
        return [[float(text)] for text in texts]


def patient(model: Model, clock: ManualClock | None = None) -> PatientEmbedder:
    return PatientEmbedder(model, clock or ManualClock(), asyncio.Semaphore(2))


async def test_a_model_that_takes_fewer_is_asked_for_so_many_from_then_on() -> None:
    model = Model(most=32)
    embedder = patient(model)
    texts = [str(number) for number in range(64)]
    for _ in range(2):
        assert await embedder.embed("m", texts, ANN) == [[float(each)] for each in texts]
    assert model.sizes == [64, 32, 32, 32, 32]


async def test_a_text_that_no_model_takes_is_told_of() -> None:
    with pytest.raises(Invalid):
        await patient(Model()).embed("m", ["1", "bad", "3"], ANN)


async def test_a_busy_model_is_asked_again_when_it_said() -> None:
    model, clock = Model(faults=[LimitReached("busy", retry_after=5)] * 3), ManualClock()
    await patient(model, clock).embed("m", ["1"], ANN)
    assert (clock.now() - START).total_seconds() == 15


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        (LimitReached("a day", retry_after=86_400), 1),
        (LimitReached("busy", retry_after=30), 11),
        (Unavailable("away", retry_after=20), 4),
    ],
)
async def test_whoever_is_asked_too_often_in_vain_is_left(fault: LisaError, calls: int) -> None:
    model = Model(faults=[fault] * 100)
    with pytest.raises(type(fault)):
        await patient(model).embed("m", ["1"], ANN)
    assert len(model.sizes) == calls
