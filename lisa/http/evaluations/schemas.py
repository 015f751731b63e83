"""Golden sets and runs, on the wire."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.evaluation import (
    MOST_PLACES,
    AskedPlace,
    Difference,
    Method,
    Outcome,
    Run,
    SetHead,
)
from lisa.domain.knowledge.golden import (
    Golden,
    GoldenQuestion,
    Questions,
    Relevant,
    SetName,
)
from lisa.domain.knowledge.measures import Figures, Tried
from lisa.domain.knowledge.names import Description
from lisa.http.knowledge.schemas import Body
from lisa.http.knowledge.search_schemas import PlaceName
from lisa.http.knowledge.shown import SHOWN, Shown
from lisa.usecases.knowledge.evaluations import Plan

WITHOUT_RERANK = (Method.DENSE, Method.LEXICAL, Method.HYBRID)


class GoldenIn(Body):
    """Questions, each with all the places that answer it; `licence` is that of their texts."""

    name: SetName
    description: Description = ""
    licence: Annotated[str, Field(max_length=500)] = ""
    questions: Questions

    def golden(self) -> Golden:
        """Return it."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return Golden(**own)


class SetOut(Shown):
    """A golden set."""

    set_id: str
    name: str
    description: str
    licence: str
    digest: str = Field(description="Equal for equal sets.")
    total: int
    owner: str
    created: datetime

    @classmethod
    def of(cls, head: SetHead) -> "SetOut":
        """Show a set."""
        return cls.model_validate(
            head.model_dump(include={*cls.model_fields}) | {"set_id": head.id}
        )


class RelevantOut(Relevant):
    """A place that answers: a document by its name or id, there a page, and words it says."""

    model_config = SHOWN


class QuestionOut(Shown):
    """A question of a set."""

    question: str
    relevant: Sequence[RelevantOut]
    facts: Sequence[str]


class WholeSetOut(SetOut):
    """A golden set with its questions."""

    questions: list[QuestionOut]

    @classmethod
    def with_questions(cls, head: SetHead, questions: Sequence[GoldenQuestion]) -> "WholeSetOut":
        """Show all of it."""
        shown = [each.model_dump() for each in questions]
        return cls.model_validate(SetOut.of(head).model_dump() | {"questions": shown})


class SetPage(Shown):
    """Your sets, newest first."""

    sets: list[SetOut]
    next_cursor: str = Field(description="Send it back as `cursor`; empty at the end.")


class RunIn(Body):
    """What to ask of which collections, each named `REPOSITORY.COLLECTION`.

    The method `rerank` is the hybrid one, its best `candidates` ordered by the model of that name.
    """

    set_id: Annotated[str, Field(min_length=1, max_length=128)]
    collections: Annotated[list[PlaceName], Field(min_length=1, max_length=MOST_PLACES)]
    methods: Annotated[tuple[Method, ...], Field(min_length=1, max_length=4)] = WITHOUT_RERANK
    rerank: Annotated[str, Field(max_length=256)] = ""
    candidates: Annotated[int, Field(ge=1, le=200)] = 50
    name: Annotated[str, Field(max_length=100)] = ""

    def plan(self) -> Plan:
        """Return it."""
        split = (each.partition(".") for each in self.collections)
        places = [(repository, collection) for repository, _, collection in split]
        return Plan(self.set_id, places, self.methods, self.rerank, self.candidates, self.name)


class FiguresOut(Figures):
    """A method's figures over many questions; times are seconds."""

    model_config = SHOWN


class PlaceOut(AskedPlace):
    """A collection that is asked, and how it was made when the run began."""

    model_config = SHOWN
    chunking: Chunking


class EvaluationOut(Shown):
    """A run; once it is over it has figures for each method."""

    run_id: str
    name: str
    set_id: str
    set_name: str
    places: Sequence[PlaceOut]
    methods: Sequence[Method]
    rerank: str
    candidates: int
    total: int
    done: int
    is_over: bool
    figures: Mapping[Method, FiguresOut]
    owner: str
    created: datetime
    updated: datetime

    @classmethod
    def of(cls, run: Run) -> "EvaluationOut":
        """Show a run."""
        own = run.model_dump(include={*cls.model_fields})
        return cls.model_validate(own | {"run_id": run.id, "is_over": run.is_over})


class OutcomeTriedOut(Tried):
    """What a method found for a question: ranks of relevant places, of how many, how fast."""

    model_config = SHOWN


class OutcomeOut(Shown):
    """What came of one question, by each method."""

    number: int
    question: str
    relevant: Sequence[RelevantOut]
    tried: Mapping[Method, OutcomeTriedOut]


class WholeRunOut(EvaluationOut):
    """A run with what came of each question."""

    outcomes: list[OutcomeOut]

    @classmethod
    def with_outcomes(cls, run: Run, outcomes: Sequence[Outcome]) -> "WholeRunOut":
        """Show all of it."""
        shown = [each.model_dump() for each in outcomes]
        return cls.model_validate(EvaluationOut.of(run).model_dump() | {"outcomes": shown})


class EvaluationPage(Shown):
    """Your runs, newest first."""

    runs: list[EvaluationOut]
    next_cursor: str = Field(description="Send it back as `cursor`; empty at the end.")


class DifferenceOut(Shown):
    """A method in two runs, and the numbers of questions it answers better or worse."""

    method: Method
    before: FiguresOut
    after: FiguresOut
    gained: Sequence[int]
    lost: Sequence[int]


class ComparisonOut(Shown):
    """Two runs over one set, by the methods and questions that both have."""

    differences: list[DifferenceOut]

    @classmethod
    def of(cls, found: Sequence[Difference]) -> "ComparisonOut":
        """Show them."""
        return cls.model_validate({"differences": [each.model_dump() for each in found]})
