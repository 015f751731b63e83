"""How well collections answer: golden sets, and runs that ask their questions method by method.

A run goes on in steps of some seconds, each of them asked for by whoever watches it. So no request
lasts longer than a door allows, a run that was left goes on where it stopped, and its figures are
of what was asked here and not of what somebody says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed, Conflict, Invalid, LisaError, NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.evaluation import (
    AskedPlace,
    Difference,
    Method,
    Outcome,
    Run,
    SetHead,
    differences,
    figures_by_method,
)
from lisa.domain.knowledge.golden import Golden, GoldenQuestion, Seen, ranks_of
from lisa.domain.knowledge.measures import DEPTH, Tried
from lisa.domain.policy import Kind, Thing, Verb, decide, require
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.knowledge.evaluations import EvaluationStore
from lisa.usecases.knowledge.access import Access
from lisa.usecases.knowledge.rerankers import refuse_unusable_reranker
from lisa.usecases.knowledge.retrieval import Hit, Mode, Question, Retrieval

STEP: Final = timedelta(seconds=5)
MOST_IN_A_STEP: Final = 50
A_LOT: Final = 100
MODES: Final = {
    Method.DENSE: Mode.DENSE,
    Method.LEXICAL: Mode.LEXICAL,
    Method.HYBRID: Mode.HYBRID,
    Method.RERANK: Mode.HYBRID,
}


@dataclass(frozen=True)
class Plan:
    """What a run asks of which collections; `rerank` is the model of that method."""

    set_id: str
    places: Sequence[tuple[str, str]]
    methods: Sequence[Method]
    rerank: str = ""
    candidates: int = 50
    name: str = ""


@dataclass(frozen=True)
class Evaluations:
    """What a caller can do with golden sets and runs."""

    store: EvaluationStore
    access: Access
    retrieval: Retrieval
    clock: Clock
    ids: Ids

    async def add_set(self, caller: Principal, golden: Golden) -> SetHead:
        """Keep a set; it never changes, so runs over it can be compared."""
        made = SetHead(
            id=self.ids.new("golden"),
            owner=caller.subject,
            groups=caller.groups,
            name=golden.name,
            description=golden.description,
            licence=golden.licence,
            digest=golden.digest,
            total=len(golden.questions),
            created=self.clock.now(),
        )
        require(caller, Verb.CREATE, made.thing())
        await self.store.add_set(made, golden.questions)
        return made

    async def add_set_once(self, caller: Principal, golden: Golden) -> tuple[SetHead, bool]:
        """Keep a set unless the caller has an equal one; also tell whether it is a new one."""
        cursor = ""
        while True:
            found, cursor = await self.sets(caller, A_LOT, cursor)
            for each in found:
                if each.digest == golden.digest:
                    return each, False
            if not cursor:
                return await self.add_set(caller, golden), True

    async def sets(self, caller: Principal, limit: int, cursor: str) -> tuple[list[SetHead], str]:
        """List the caller's sets, newest first."""
        _require_listing(caller)
        return await self.store.sets(caller.subject, limit, cursor)

    async def a_set(self, caller: Principal, set_id: str) -> tuple[SetHead, list[GoldenQuestion]]:
        """Return a set with its questions."""
        head = await self._set(caller, set_id)
        return head, await self.store.questions(head.id)

    async def remove_set(self, caller: Principal, set_id: str) -> None:
        """Forget a set; runs over it stay, those under way can't go on."""
        await self._remove(caller, await self._set(caller, set_id))

    async def begin(self, caller: Principal, plan: Plan) -> Run:
        """Begin a run; it goes on by steps."""
        head = await self._set(caller, plan.set_id)
        now = self.clock.now()
        run = Run(
            id=self.ids.new("run"),
            owner=caller.subject,
            groups=caller.groups,
            name=plan.name or head.name,
            set_id=head.id,
            set_name=head.name,
            places=await self._places(caller, plan.places),
            methods=tuple(dict.fromkeys(plan.methods)),
            rerank=plan.rerank,
            candidates=plan.candidates,
            total=head.total,
            created=now,
            updated=now,
        )
        require(caller, Verb.CREATE, run.thing())
        if (Method.RERANK in run.methods) != bool(run.rerank):
            raise Invalid(
                "the method rerank and a model that reranks belong together",
                next_step="name both or none",
                code="no_reranker",
            )
        if run.rerank:
            await refuse_unusable_reranker(self.retrieval.models, caller, run.rerank)
        await self.store.add_run(run)
        return run

    async def step(self, caller: Principal, run_id: str) -> Run:
        """Ask the next questions for some seconds; of a run that is over none is left."""
        run = await self._run(caller, run_id)
        require(caller, Verb.CREATE, run.thing())
        if run.is_over:
            return run
        head = await self._set(caller, run.set_id)
        questions = await self.store.questions(head.id, run.done)
        came = await self._asked(caller, run, questions[:MOST_IN_A_STEP])
        further = run.model_copy(update={"done": run.done + len(came), "updated": self.clock.now()})
        if further.is_over:
            all_of = [*await self.store.outcomes(run.id), *came]
            figures = figures_by_method(run.methods, all_of)
            further = further.model_copy(update={"figures": figures})
        try:
            return await self.store.go_on(run, further, came)
        except ConditionFailed as error:
            raise overtaken("the run") from error

    async def runs(self, caller: Principal, limit: int, cursor: str) -> tuple[list[Run], str]:
        """List the caller's runs, newest first."""
        _require_listing(caller)
        return await self.store.runs(caller.subject, limit, cursor)

    async def a_run(self, caller: Principal, run_id: str) -> tuple[Run, list[Outcome]]:
        """Return a run with what came of each question."""
        run = await self._run(caller, run_id)
        return run, await self.store.outcomes(run.id)

    async def remove_run(self, caller: Principal, run_id: str) -> None:
        """Forget a run."""
        await self._remove(caller, await self._run(caller, run_id))

    async def compare(self, caller: Principal, before_id: str, after_id: str) -> list[Difference]:
        """Compare two runs over one set."""
        before, after = await self._run(caller, before_id), await self._run(caller, after_id)
        if before.set_id != after.set_id:
            raise Conflict(
                f"{before.name} asked {before.set_name}, {after.name} asked {after.set_name}",
                next_step="compare runs over the same golden set",
                code="different_sets",
            )
        return differences(
            await self.store.outcomes(before.id), await self.store.outcomes(after.id)
        )

    async def _places(
        self, caller: Principal, places: Sequence[tuple[str, str]]
    ) -> tuple[AskedPlace, ...]:
        reaches = [
            await self.access.collection(caller, *place, Verb.USE)
            for place in dict.fromkeys(places)
        ]
        return tuple(
            AskedPlace(
                repository_id=each.repository.id,
                collection_id=each.collection.id,
                embedding_model=each.collection.embedding_model,
                chunking=each.collection.chunking,
            )
            for each in reaches
        )

    async def _asked(
        self, caller: Principal, run: Run, questions: Sequence[GoldenQuestion]
    ) -> list[Outcome]:
        """Ask until the time is over; what fails after some answers is told by the next step."""
        ends = self.clock.now() + STEP
        came: list[Outcome] = []
        for number, question in enumerate(questions, start=run.done):
            try:
                came.append(await self._outcome(caller, run, number, question))
            except LisaError:
                if not came:
                    raise
                break
            if self.clock.now() >= ends:
                break
        return came

    async def _outcome(
        self, caller: Principal, run: Run, number: int, question: GoldenQuestion
    ) -> Outcome:
        tried = {method: await self._tried(caller, run, method, question) for method in run.methods}
        return Outcome(
            number=number, question=question.question, relevant=question.relevant, tried=tried
        )

    async def _tried(
        self, caller: Principal, run: Run, method: Method, question: GoldenQuestion
    ) -> Tried:
        asked = Question(
            text=question.question,
            places=[(each.repository_id, each.collection_id) for each in run.places],
            mode=MODES[method],
            limit=DEPTH,
            rerank=run.rerank if method is Method.RERANK else "",
            candidates=run.candidates,
        )
        answer = await self.retrieval.search(caller, asked)
        return Tried(
            ranks=ranks_of(question, [_seen(each) for each in answer.hits]),
            relevant=len(question.relevant),
            seconds=answer.timings["total"],
        )

    async def _set(self, caller: Principal, set_id: str) -> SetHead:
        found = await self.store.set_by_id(set_id)
        if found is None or not decide(caller, Verb.READ, found.thing()).allowed:
            raise NotFound(
                f"there is no golden set {set_id[:128]}",
                next_step="GET /evaluations/sets lists yours",
                code="golden_set_not_found",
            )
        return found

    async def _run(self, caller: Principal, run_id: str) -> Run:
        found = await self.store.run_by_id(run_id)
        if found is None or not decide(caller, Verb.READ, found.thing()).allowed:
            raise NotFound(
                f"there is no run {run_id[:128]}",
                next_step="GET /evaluations/runs lists yours",
                code="run_not_found",
            )
        return found

    async def _remove(self, caller: Principal, head: SetHead | Run) -> None:
        require(caller, Verb.DELETE, head.thing())
        try:
            await self.store.remove(head)
        except ConditionFailed as error:
            raise overtaken("it") from error


def _require_listing(caller: Principal) -> None:
    require(caller, Verb.LIST, Thing(Kind.EVALUATION, owner=caller.subject, groups=caller.groups))


def _seen(hit: Hit) -> Seen:
    passage, place = hit.passage, hit.passage.place
    return Seen(passage.document_id, passage.name, passage.text, place.page, place.last_page)
