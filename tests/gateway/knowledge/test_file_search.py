"""The tool that searches files, asked for by OpenAI's own client."""

import asyncio
import json
from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, PermissionDeniedError

from lisa.bootstrap.administration_routes import configuration_services
from lisa.bootstrap.every_door import switches_of
from lisa.domain.identity import Principal
from lisa.domain.turns.passages import FAILED, RULES
from tests.gateway.knowledge.running import COFFEE, HANDBOOK, LEAVE, Library
from tests.gateway.turns.test_responses import events_of, strictly
from tests.standins.engine.server import Engine

QUESTION = "How many days of paid leave do employees have?"
RESULTS = ["file_search_call.results"]


def says(text: str, **more: Any) -> dict[str, Any]:
    """Return what lets the model say this in the end."""
    return {"lisa": {"chat": {"engine": {"text": text, **more}}}}


def searching(store: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"type": "file_search", "vector_store_ids": [store.id], **more}]


async def asked(client: Any, store: Any, text: str, model: str = "tiny", **more: Any) -> Any:
    """Ask the question."""
    own = {"model": model, "input": QUESTION, "tools": searching(store)}
    wish = {"extra_body": says(text, **more.pop("engine", {}))}
    return await client.responses.create(**(own | wish | more))


async def test_a_model_that_calls_no_functions_is_told_before_it_answers(
    library: Library, engine: Engine
) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    stream = await asked(client, store, "Thirty days [1].", stream=True, include=RESULTS)
    events = await events_of(stream)

    answer = strictly(events[-1].response)
    search, message = answer.output
    assert (search.type, search.status, search.queries) == (
        "file_search_call",
        "completed",
        [QUESTION],
    )
    best = search.results[0]
    assert (best.text, best.filename, best.page, best.number) == (LEAVE, "1.txt", 2, 1)
    assert best.collection == store.id
    assert 0 < best.score <= 1
    kinds = [event.type for event in events if "file_search_call" in event.type]
    steps = ("in_progress", "searching", "completed")
    assert kinds == [f"response.file_search_call.{step}" for step in steps]
    (annotated,) = [e for e in events if e.type == "response.output_text.annotation.added"]
    (cited,) = message.content[0].annotations
    assert annotated.annotation.to_dict() == cited.to_dict()
    assert message.content[0].text == "Thirty days [1]."
    assert (cited.type, cited.index, cited.file_id) == ("file_citation", 12, best.file_id)
    assert (cited.page, cited.quote, cited.number) == (2, LEAVE, 1)
    passages = client.vector_stores.files.content(best.file_id, vector_store_id=store.id)
    assert [each.text async for each in passages][cited.ordinal] == LEAVE
    (told,) = engine.seen[-1].says["messages"]
    assert told["content"].startswith(RULES)
    assert told["content"].endswith(QUESTION)
    assert "tools" not in engine.seen[-1].says


async def test_a_model_that_calls_functions_searches_as_it_likes(
    library: Library, engine: Engine
) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    call = {"tool": "file_search", "arguments": {"queries": ["paid leave", "coffee machine"]}}
    stream = await asked(
        client, store, "[1] and [2].", "clever", engine=call, stream=True, include=RESULTS
    )
    events = await events_of(stream)

    search, message = strictly(events[-1].response).output
    assert search.queries == ["paid leave", "coffee machine"]
    assert {each.text for each in search.results[:2]} == {LEAVE, COFFEE}
    assert [each.number for each in search.results] == [1, 2, 3]
    assert len(message.content[0].annotations) == 2
    offered, told = (seen.says for seen in engine.seen[-2:])
    assert offered["tools"][0]["function"]["name"] == "file_search"
    assert [each["role"] for each in told["messages"]] == ["user", "assistant", "tool"]
    assert f">\n{LEAVE}\n</passage>" in told["messages"][2]["content"]


async def test_a_caller_may_have_it_search_first(library: Library, engine: Engine) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    choice = {"tool_choice": {"type": "file_search"}}
    answer = await asked(client, store, "Yes.", "clever", engine={"tool": "none"}, **choice)
    assert answer.output[0].queries == [QUESTION]
    assert engine.seen[-1].says["tool_choice"] == "auto"
    silent = await asked(client, store, "Yes.", tool_choice="none")
    assert [item.type for item in silent.output] == ["message"]


async def test_an_answer_without_markers_cites_what_it_repeats(library: Library) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    text = f"As the handbook says:\n> {LEAVE}\nThat is all I know."
    answer = await asked(client, store, text)
    (cited,) = answer.output[1].content[0].annotations
    assert (cited.page, cited.index) == (2, text.index(LEAVE) + len(LEAVE))


async def test_results_are_told_to_whoever_asks_then_or_later(library: Library) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    conversation = (await client.conversations.create()).id
    answer = await asked(client, store, "Yes.", conversation=conversation)
    assert answer.output[0].results is None
    events = await events_of(await client.responses.retrieve(answer.id, stream=True))
    assert '"results": [' not in json.dumps([event.to_dict() for event in events])
    for include, there in (([], False), (RESULTS, True)):
        again = await client.responses.retrieve(answer.id, include=include)
        assert bool(again.output[0].results) is there
        items = await client.conversations.items.list(conversation, include=include)
        (search,) = [item for item in items.data if item.type == "file_search_call"]
        assert bool(search.results) is there
        one = await client.conversations.items.retrieve(
            search.id, conversation_id=conversation, include=include
        )
        assert bool(one.results) is there
    told = await asked(client, store, "Yes.", include=RESULTS)
    assert (await client.responses.retrieve(told.id)).output[0].results


async def test_a_passage_keeps_its_number_for_a_whole_conversation(
    library: Library, engine: Engine
) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    first = await asked(client, store, "Thirty [1].")
    more = {"input": "And the coffee machine?", "previous_response_id": first.id}
    second = await asked(client, store, "Friday [2], leave [1].", include=RESULTS, **more)
    numbers = {each.text: each.number for each in second.output[0].results}
    assert sorted(numbers.values()) == [1, 2, 3]
    assert numbers[LEAVE] == 1
    assert [each.number for each in second.output[1].content[0].annotations] == [2, 1]
    messages = engine.seen[-1].says["messages"]
    assert [each["role"] for each in messages] == ["user", "assistant", "user"]
    assert messages[0]["content"].count(LEAVE) == 1
    assert LEAVE not in messages[2]["content"]


async def test_how_it_searches_can_be_said(library: Library) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    one = searching(store, max_num_results=1, mode="lexical", ranking_options={})
    answer = await asked(client, store, "Yes.", tools=one, include=RESULTS)
    assert [each.text for each in answer.output[0].results] == [LEAVE]
    first = searching(store, filters={"type": "eq", "key": "page", "value": 1})
    answer = await asked(client, store, "Yes.", tools=first, include=RESULTS)
    assert [each.page for each in answer.output[0].results] == [1]
    never = searching(store, ranking_options={"score_threshold": 1.0})
    answer = await asked(client, store, "[1]", tools=never, include=RESULTS)
    assert answer.output[0].results == []
    assert answer.output[1].content[0].annotations == []
    shorter = searching(store, rerank="short")
    answer = await asked(client, store, "Yes.", tools=shorter, include=RESULTS)
    lengths = [len(each.text) for each in answer.output[0].results]
    assert lengths == sorted(lengths)


async def test_who_may_not_search_somewhere_is_told_the_same_as_of_nowhere(
    library: Library, engine: Engine
) -> None:
    alice, bob = await library.client("alice", "a"), await library.client("bob", "b")
    store = await library.store(alice, HANDBOOK)
    await library.repository("secret", groups=frozenset({"a"}))
    assert (await asked(alice, store, "Yes.")).status == "completed"
    before = len(engine.seen)
    for name in (store.id, "secret.default", "local.nothing", "nowhere.default", "x", "../x"):
        tool = {"type": "file_search", "vector_store_ids": ["local.default", name]}
        with pytest.raises(NotFoundError) as refused:
            await asked(bob, store, "Yes.", tools=[tool])
        assert refused.value.code == "vector_store_not_found"
        assert f"there is no vector store {name}" in refused.value.message
    assert len(engine.seen) == before


async def test_a_model_is_told_where_it_can_not_search(library: Library, engine: Engine) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    wishes: tuple[dict[str, Any], ...] = ({"queries": []}, {"queries": "leave"}, {})
    for arguments in wishes:
        call: dict[str, Any] = {"tool": "file_search", "arguments": arguments}
        answer = strictly(await asked(client, store, "Well.", "clever", engine=call))
        wanted = "completed" if arguments.get("queries") else "incomplete"
        assert answer.output[0].status == wanted
    call = {"tool": "file_search", "arguments": {"queries": ["leave"]}, "stubborn": True}
    limits = {"max_tool_calls": 1}
    answer = await asked(client, store, "Well.", "clever", engine=call, **limits)
    assert [item.status for item in answer.output[:2]] == ["completed", "incomplete"]
    assert engine.seen[-1].says["messages"][-1]["content"] == FAILED


async def test_a_search_that_fails_is_told_as_such(library: Library, engine: Engine) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    tools = searching(store, rerank="broken")
    failed = await asked(client, store, "Yes.", tools=tools)
    assert (failed.status, failed.error.message) == ("failed", "the reranker is broken")
    kept = [event async for event in await asked(client, store, "Yes.", tools=tools, stream=True)]
    assert kept[-1].type == "response.failed"
    assert kept[-1].response.output[0].status == "failed"
    call = {"tool": "file_search", "arguments": {"queries": ["leave"]}}
    answer = await asked(client, store, "Well.", "clever", engine=call, tools=tools)
    assert [item.status for item in answer.output] == ["failed", "completed"]
    assert engine.seen[-1].says["messages"][-1]["content"] == FAILED


async def test_several_turns_search_at_once(library: Library) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    answers = await asyncio.gather(*(asked(client, store, "So [1].") for _ in range(5)))
    assert {answer.output[1].content[0].annotations[0].page for answer in answers} == {2}


async def test_without_documents_the_tool_is_refused_and_so_is_nonsense(library: Library) -> None:
    client = await library.client()
    store = await library.store(client, HANDBOOK)
    for tool in (
        {"type": "file_search"},
        {"type": "file_search", "vector_store_ids": [7]},
        {"type": "file_search", "vector_store_ids": [store.id], "filters": {"type": "eq"}},
        {"type": "file_search", "vector_store_ids": [store.id], "max_num_results": 0},
    ):
        with pytest.raises(BadRequestError):
            await asked(client, store, "Yes.", tools=[tool])


async def test_what_is_switched_off_is_refused(library: Library) -> None:
    switches = switches_of(library.ports)
    documents = configuration_services(library.ports, switches).configurations
    off: Any = {"enabledComponents": {"uploadRagDocs": False, "ragSelectionAvailable": False}}
    root = Principal(subject="root", admin=True)
    await documents.change(root, version=0, document=off, reason="a test")
    client = await library.client()
    store = await client.vector_stores.create(name="Mine")
    within, id_ = client.vector_stores, store.id
    for refused in (
        lambda: client.files.create(file=("a.txt", b"text"), purpose="assistants"),
        lambda: within.create(name="With files", file_ids=["file_1"]),
        lambda: within.files.create(vector_store_id=id_, file_id="file_1"),
        lambda: within.file_batches.create(vector_store_id=id_, file_ids=["file_1"]),
        lambda: within.search(vector_store_id=id_, query="leave"),
        lambda: asked(client, store, "Yes."),
    ):
        with pytest.raises(PermissionDeniedError) as refusal:
            await refused()
        assert "switched off" in refusal.value.message


async def test_a_token_for_inference_alone_finds_no_store(library: Library) -> None:
    owner = await library.client()
    store = await library.store(owner, HANDBOOK)
    client = await library.turning.client(scopes=frozenset({"inference"}))
    with pytest.raises(NotFoundError):
        await asked(client, store, "Yes.")
    with pytest.raises(PermissionDeniedError):
        await client.files.list()
