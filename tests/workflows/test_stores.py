"""What becomes of stores that we make, when all goes well and when each step of each way fails."""

from collections.abc import Sequence

import pytest

from lisa.domain.errors import Forbidden, Invalid, NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.repository import RepositoryStatus, Store, StoreKind
from lisa.stores.audit import AuditStore, Search
from lisa.usecases.knowledge.repositories import Changes
from lisa.workflows.definition import Workflow
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.of_stores import STORE_WORKFLOWS
from lisa.workflows.running import Failure
from tests.workflows.stored import ROOT, Archive, Maker

VERBS = ("create", "delete")
FORWARD = [
    (verb, node.run)
    for verb in VERBS
    for node in STORE_WORKFLOWS[f"{verb}_store"].tasks()
    if node.run not in {"remove_what_was_made", "tell_why"}
]
FAILED = {"create": RepositoryStatus.CREATE_FAILED, "delete": RepositoryStatus.DELETE_FAILED}


async def archive_before(verb: str, maker: Maker | None = None) -> Archive:
    """Return an archive in which this can be done."""
    archive = Archive(maker)
    if verb == "delete":
        assert not isinstance(await archive.does("create"), Failure)
    return archive


async def refuse_wrong_end(archive: Archive, verb: str) -> None:
    """Refuse anything but what was asked for."""
    if verb == "delete":
        assert await archive.repositories.by_id("papers") is None
        assert archive.maker.made == {}
        return
    repository = await archive.repository()
    assert (repository.status, repository.reason) == (RepositoryStatus.READY, "")
    assert repository.store.address == f"/{repository.uid}"
    assert repository.store.credentials == f"secret:{repository.uid}"
    assert archive.maker.protected == {repository.uid}
    default = await archive.knowledge.collections.get(ROOT, "papers", "default")
    assert default.collection.embedding_model == "words"
    assert archive.stores.vectors.spaces == {}


@pytest.mark.parametrize("workflow", STORE_WORKFLOWS.values(), ids=STORE_WORKFLOWS)
def test_every_step_is_called_as_its_function(workflow: Workflow) -> None:
    tasks = workflow.tasks()
    assert all(task.name == task.run.replace("_", " ") for task in tasks)
    assert {task.run for task in tasks} <= Archive().steps.keys()


def test_no_function_of_stores_is_called_as_one_of_models() -> None:
    of_models = {task.run for each in MODEL_WORKFLOWS.values() for task in each.tasks()}
    assert of_models.isdisjoint(Archive().steps)


@pytest.mark.parametrize("verb", VERBS)
async def test_what_is_asked_for_is_done(verb: str) -> None:
    archive = await archive_before(verb)
    assert not isinstance(await archive.does(verb), Failure)
    await refuse_wrong_end(archive, verb)


@pytest.mark.parametrize("happens", ["busy", "lost", "hangs"])
@pytest.mark.parametrize(("verb", "step"), FORWARD)
async def test_a_step_that_fails_once_changes_nothing(verb: str, step: str, happens: str) -> None:
    archive = await archive_before(verb)
    outcome = await archive.does(verb, {step: (happens, "ok")})
    assert not isinstance(outcome, Failure)
    await refuse_wrong_end(archive, verb)


@pytest.mark.parametrize("happens", ["busy", "wrong", "hangs"])
@pytest.mark.parametrize(("verb", "step"), FORWARD)
async def test_a_step_that_always_fails_leaves_a_true_status_and_can_be_deleted(
    verb: str, step: str, happens: str
) -> None:
    archive = await archive_before(verb)
    outcome = await archive.does(verb, {step: (happens,)})
    assert isinstance(outcome, Failure)
    assert outcome.also_failed == ()
    repository = await archive.repository()
    assert repository.status is FAILED[verb]
    assert step.replace("_", " ") in repository.reason
    assert outcome.cause in repository.reason
    assert repository.next_step
    if verb == "create":
        assert archive.maker.made == {}
        assert (repository.store.address, repository.store.credentials) == ("", "")
    assert not isinstance(await archive.does("delete"), Failure)
    await refuse_wrong_end(archive, "delete")


@pytest.mark.parametrize(("verb", "step"), FORWARD)
async def test_a_step_whose_answer_is_always_lost_does_no_harm(verb: str, step: str) -> None:
    archive = await archive_before(verb)
    outcome = await archive.does(verb, {step: ("lost",)})
    assert isinstance(outcome, Failure)
    repository = await archive.repositories.by_id("papers")
    if repository is None:
        assert (verb, archive.maker.made) == ("delete", {})
    elif repository.status is RepositoryStatus.READY:
        assert (verb, step) == ("create", "open_it")
        assert repository.uid in archive.maker.made
    else:
        assert repository.status is FAILED[verb]


async def test_one_that_can_not_be_made_says_why_and_leaves_nothing() -> None:
    archive = Archive(Maker(cause="no machine of this type is free"))
    await archive.does("create")
    repository = await archive.repository()
    assert repository.status is RepositoryStatus.CREATE_FAILED
    assert repository.reason == "wait until it stands: no machine of this type is free"
    assert repository.next_step == "ask for less"
    assert archive.maker.made == {}


async def test_while_it_is_made_its_progress_is_told_and_nobody_works_in_it() -> None:
    archive = Archive(Maker(looks=3))
    ordered = await archive.order("create")
    assert (ordered.status, ordered.store.options) == (RepositoryStatus.CREATING, {"disk": 25})
    state = {"repository": "papers", "uid": ordered.uid, "run": ordered.run}
    await archive.steps["ensure_store"](state)
    with pytest.raises(Exception, match="2 parts are missing"):
        await archive.steps["wait_until_it_stands"](state)
    assert (await archive.repository()).reason == "2 parts are missing"
    with pytest.raises(Exception, match="not ready"):
        await archive.knowledge.repositories.update(ROOT, "papers", Changes({"name": "Q"}))


async def test_one_that_does_not_answer_yet_is_waited_for() -> None:
    archive = Archive()
    archive.stores.silent = 5
    assert not isinstance(await archive.does("create"), Failure)
    await refuse_wrong_end(archive, "create")


async def test_what_can_not_be_removed_is_named_and_removed_by_deleting() -> None:
    archive = Archive()
    await archive.does("create", {"try_it": ("wrong",), "remove_what_was_made": ("wrong",)})
    repository = await archive.repository()
    assert "remove what was made" in repository.reason
    assert "delete the repository" in repository.next_step
    assert archive.maker.made != {}
    await archive.does("delete")
    await refuse_wrong_end(archive, "delete")


async def test_deleting_takes_over_what_is_under_way() -> None:
    archive = Archive()
    creating = await archive.order("create")
    deleting = await archive.order("delete")
    assert archive.bench.stopped == [creating.run]
    assert isinstance(await archive.bench.go(creating.run, {}), Failure)
    assert (await archive.repository()).status is RepositoryStatus.DELETING
    await archive.bench.go(deleting.run, {})
    await refuse_wrong_end(archive, "delete")


async def test_what_a_step_did_too_late_is_taken_back() -> None:
    archive = Archive(Maker(looks=1))
    creating = await archive.order("create")
    ensure = archive.maker.ensure

    async def overtaken(repository: object) -> None:
        del repository
        await archive.does("delete")
        await ensure(creating)

    archive.maker.ensure = overtaken  # type: ignore[method-assign] # a moment nobody can wait for
    with pytest.raises(NotFound):
        await archive.steps["ensure_store"](
            {"repository": "papers", "uid": creating.uid, "run": creating.run}
        )
    assert await archive.maker.leftovers(creating.uid) == []


async def test_a_run_that_could_not_be_begun_is_begun_later() -> None:
    archive = Archive()
    archive.bench.away = True
    ordered = await archive.order("create")
    await archive.watch.look()
    archive.bench.away = False
    await archive.watch.look()
    await archive.watch.look()
    assert list(archive.bench.begun) == [ordered.run]
    assert not isinstance(await archive.bench.go(ordered.run, {}), Failure)
    await refuse_wrong_end(archive, "create")


@pytest.mark.parametrize("verb", VERBS)
async def test_one_whose_run_ended_without_a_word_does_not_stay_on_its_way(verb: str) -> None:
    archive = await archive_before(verb)
    first = {"create": "ensure_store", "delete": "remove_store"}[verb]
    silenced: dict[str, Sequence[str]] = {first: ("wrong",), "tell_why": ("wrong",)}
    await archive.does(verb, silenced)
    assert (await archive.repository()).status not in FAILED.values()
    await archive.watch.look()
    repository = await archive.repository()
    assert (repository.status, bool(repository.reason)) == (FAILED[verb], True)
    assert not isinstance(await archive.does("delete"), Failure)


async def test_its_store_goes_after_the_last_collection_and_a_lost_moment_is_made_up_for() -> None:
    archive = await archive_before("delete")
    await archive.knowledge.repositories.remove(ROOT, "papers")
    marked = await archive.repository()
    assert (marked.status, marked.run) == (RepositoryStatus.DELETING, "")
    await archive.watch.look()
    assert (await archive.repository()).run == ""  # documents are still being removed
    await archive.emptied()
    deleting = await archive.repository()
    assert deleting.run.startswith(f"delete-{deleting.uid}-")
    forgotten = deleting.model_copy(update={"run": ""})
    await archive.repositories.change(deleting, forgotten)
    await archive.watch.look()
    again = await archive.repository()
    assert not isinstance(await archive.bench.go(again.run, {}), Failure)
    await refuse_wrong_end(archive, "delete")


async def test_only_administrators_have_stores_made_and_only_those_on_offer() -> None:
    archive = Archive()
    uses, bob = archive.knowledge.repositories, Principal(subject="bob")
    with pytest.raises(Forbidden):
        uses.store_kinds(bob)
    own = Store(kind=StoreKind.PGVECTOR, own=True, options={})
    with pytest.raises(Forbidden):
        await uses.create(bob, "papers", {"name": "P", "store": own})
    for wrong in (
        {"kind": StoreKind.OPENSEARCH},
        {"serverless": True},
        {"options": {"disk": 31}},
        {"options": {"size": 1}},
        {"address": "db.example.com/lisa"},
    ):
        store = own.model_copy(update=wrong)
        with pytest.raises(Invalid):
            await uses.create(ROOT, "papers", {"name": "P", "store": store})
    assert await archive.repositories.by_id("papers") is None
    assert [(each.made, each.serverless) for each in uses.store_kinds(ROOT)] == [
        (True, False),
        (False, False),
        (False, False),
        (False, True),
    ]


async def test_both_orders_are_on_record() -> None:
    archive = Archive()
    await archive.does("create")
    archive.clock.advance(1)
    await archive.does("delete")
    entries, _ = await AuditStore(archive.tables).page(Search(kind="repository"))
    assert [each.verb for each in entries] == ["delete", "create"]
