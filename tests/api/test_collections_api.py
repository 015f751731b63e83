"""Collections through the API: whose they are, what narrows them, and how they end."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from lisa.domain.errors import Invalid
from lisa.domain.identity import Principal
from lisa.http.services import KnowledgeServices
from tests.api.conftest import Api
from tests.api.knowledge import EMBEDDER, code, collection, embedding_model, repository, somebody

PLACE = "/repositories/papers/collections"


def knowledge(api: Api) -> KnowledgeServices:
    assert api.services.knowledge
    return api.services.knowledge


async def names(client: httpx.AsyncClient, path: str = "/collections", **query: Any) -> list[str]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["collections"]]


async def test_a_collection_takes_from_its_repository_what_it_does_not_say(api: Api) -> None:
    chunking = {"strategy": "tokens", "size": 100, "overlap": 10}
    await repository(api.admin, chunking=chunking, groups=["research"])
    made = await collection(api.admin, collectionId="one", name="One")
    assert (made["chunking"], made["embeddingModel"]) == (chunking, EMBEDDER)
    assert (made["groups"], made["status"], made["dimension"]) == (None, "ACTIVE", 0)


async def test_it_narrows_and_never_widens(api: Api) -> None:
    await repository(api.admin, groups=["research"])
    await collection(api.admin, collectionId="few", name="Few", groups=["chiefs"])
    await collection(api.admin, collectionId="open", name="Open", groups=[])
    member = await somebody(api, "carol", "research")
    chief = await somebody(api, "cleo", "research", "chiefs")
    stranger = await somebody(api, "sam", "chiefs")
    assert await names(chief) == ["Default", "Few", "Open"]
    assert await names(member) == ["Default", "Open"]
    assert await names(stranger) == await names(api.bob) == []
    assert code(await member.get(f"{PLACE}/few")) == (404, "collection_not_found")
    assert code(await stranger.get(f"{PLACE}/few")) == (404, "repository_not_found")
    assert (await chief.get(f"{PLACE}/few")).status_code == 200


async def test_a_private_one_is_its_creators_alone(api: Api) -> None:
    await repository(api.admin)
    made = await collection(api.alice, name="Mine", private=True)
    place = f"{PLACE}/{made['collectionId']}"
    assert (made["private"], made["mayChange"], made["mayAdd"]) == (True, True, True)
    assert await names(api.alice, PLACE) == ["Default", "Mine"]
    assert await names(api.bob, PLACE) == await names(api.admin, PLACE) == ["Default"]
    for client in (api.bob, api.admin):
        assert code(await client.get(place)) == (404, "collection_not_found")
        assert code(await client.put(place, json={"name": "x"})) == (404, "collection_not_found")
    assert code(await api.bob.delete(place)) == (404, "collection_not_found")
    assert (await api.alice.put(place, json={"name": "Ours"})).json()["name"] == "Ours"
    assert (await api.admin.delete(place)).status_code == 202
    chosen = {"name": "x", "private": True, "collectionId": "chosen"}
    assert (await api.alice.post(PLACE, json=chosen)).status_code == 422


async def test_shared_ones_are_made_by_those_who_look_after_the_repository(api: Api) -> None:
    await repository(api.admin, groups=["research"])
    keeper = await somebody(api, "rita", "research", rag_admin=True)
    member = await somebody(api, "carol", "research")
    other = await somebody(api, "rolf", "sales", rag_admin=True)
    assert code(await member.post(PLACE, json={"name": "x"})) == (403, "not_allowed")
    assert code(await other.post(PLACE, json={"name": "x"})) == (404, "repository_not_found")
    # Not for groups that the maker isn't in.
    foreign = {"name": "x", "groups": ["chiefs"]}
    assert code(await keeper.post(PLACE, json=foreign)) == (403, "not_allowed")
    made = await collection(keeper, name="Ours")
    place = f"{PLACE}/{made['collectionId']}"
    assert code(await member.put(place, json={"name": "y"})) == (403, "not_allowed")
    assert code(await member.delete(place)) == (403, "not_allowed")
    assert (await keeper.put(place, json={"description": "y"})).status_code == 200
    assert code(await keeper.put(place, json={"groups": ["chiefs"]})) == (403, "not_allowed")


async def test_names_and_ids_are_taken_once(api: Api) -> None:
    await repository(api.admin)
    await collection(api.admin, collectionId="one", name="One")
    again = await api.admin.post(PLACE, json={"collectionId": "one", "name": "Other"})
    assert code(again) == (409, "collection_exists")
    named = await api.admin.post(PLACE, json={"name": "ONE"})
    assert code(named) == (400, "collection_name_taken")
    await collection(api.admin, collectionId="two", name="Two")
    renamed = await api.admin.put(f"{PLACE}/two", json={"name": "one"})
    assert code(renamed) == (400, "collection_name_taken")


async def test_a_change_changes_what_it_names(api: Api) -> None:
    await repository(api.admin)
    made = await collection(api.admin, collectionId="one", name="One", groups=["a"])
    place = f"{PLACE}/one"
    wanted = {"name": "New", "readsTables": True, "version": made["version"]}
    changed = (await api.admin.put(place, json=wanted)).json()
    assert (changed["name"], changed["readsTables"], changed["groups"]) == ("New", True, ["a"])
    assert (await api.admin.put(place, json={"groups": None})).json()["groups"] is None
    assert code(await api.admin.put(place, json=wanted)) == (409, "version_differs")
    for fixed in ({"embeddingModel": "x"}, {"language": "english"}, {"private": True}):
        assert (await api.admin.put(place, json=fixed)).status_code == 422
    deleting = await api.admin.put(place, json={"status": "DELETE_IN_PROGRESS"})
    assert code(deleting) == (400, "bad_status")


async def test_an_archived_one_is_seen_and_not_used(api: Api) -> None:
    await repository(api.admin)
    await collection(api.admin, collectionId="one", name="One")
    archived = await api.admin.put(f"{PLACE}/one", json={"status": "ARCHIVED"})
    assert (archived.json()["status"], archived.json()["mayAdd"]) == ("ARCHIVED", False)
    assert (await api.alice.get(f"{PLACE}/one")).status_code == 200
    upload = {"name": "a.txt", "size": 1}
    refused = await api.alice.post(f"{PLACE}/one/uploads", json=upload)
    assert code(refused) == (409, "collection_not_ready")
    assert (await api.admin.put(f"{PLACE}/one", json={"status": "ACTIVE"})).status_code == 200
    assert (await api.alice.post(f"{PLACE}/one/uploads", json=upload)).status_code == 201


async def test_a_model_is_named_only_by_who_may_see_it(api: Api) -> None:
    await repository(api.admin)
    await embedding_model(api.admin, "secret", name="hidden")
    refused = await api.alice.post(
        PLACE, json={"name": "x", "private": True, "embeddingModel": "hidden"}
    )
    assert code(refused) == (400, "bad_embedding_model")


@pytest.mark.parametrize("asked", [{}, {"query": "pap"}])
async def test_a_list_has_each_once_and_goes_on_where_it_stopped(
    api: Api, asked: dict[str, str]
) -> None:
    await repository(api.admin, repositoryId="aaa", embeddingModel="")
    await repository(api.admin, repositoryId="bbb", embeddingModel="")
    for number in range(3):
        for place in ("aaa", "bbb"):
            name = f"Pap {number}"
            await collection(api.admin, place, name=name, embeddingModel=EMBEDDER)
    await collection(api.admin, "aaa", name="Others", embeddingModel=EMBEDDER)
    await collection(api.bob, "bbb", name="Pap own", embeddingModel=EMBEDDER, private=True)
    found, query = [], asked | {"limit": "2"}
    while True:
        answer = (await api.bob.get("/collections", params=query)).json()
        assert len(answer["collections"]) <= 2
        found += [f"{each['repositoryId']} {each['name']}" for each in answer["collections"]]
        if not answer["nextCursor"]:
            break
        query["cursor"] = answer["nextCursor"]
    expected = {f"{place} Pap {number}" for place in ("aaa", "bbb") for number in range(3)}
    expected |= {"bbb Pap own"} | (set() if asked else {"aaa Others"})
    assert sorted(found) == sorted(expected)


async def test_a_deleted_one_is_gone_when_it_was_emptied(api: Api) -> None:
    await repository(api.admin)
    await collection(api.admin, collectionId="one", name="One")
    answer = await api.admin.delete(f"{PLACE}/one")
    assert (answer.status_code, answer.json()["type"]) == (202, "collection_deletion")
    assert answer.json()["isOver"] is False
    assert code(await api.admin.delete(f"{PLACE}/one")) == (409, "being_deleted")
    assert code(await api.admin.put(f"{PLACE}/one", json={"name": "x"})) == (409, "being_deleted")
    await knowledge(api).repositories.endings.emptied("papers", "one")
    assert code(await api.admin.get(f"{PLACE}/one")) == (404, "collection_not_found")
    await collection(api.admin, collectionId="one", name="One")


async def test_nobody_has_more_private_ones_than_the_most(api: Api) -> None:
    await repository(api.admin)
    collections = replace(knowledge(api).collections, most_own=3)
    alice, bob = (Principal(subject=name) for name in ("alice", "bob"))

    async def create(caller: Principal = alice) -> object:
        return await collections.create(caller, "papers", {"name": "Mine", "private": True})

    made = await asyncio.gather(*(create() for _ in range(8)), return_exceptions=True)
    refused = [each for each in made if isinstance(each, Invalid)]
    assert (len(made), len(refused)) == (8, 5)
    assert {each.precise_code for each in refused} == {"too_many_collections"}
    assert "3 is the most" in refused[0].message
    await create(bob)
    own = (await api.alice.get(PLACE)).json()["collections"]
    private = [each["collectionId"] for each in own if each["private"]]
    assert len(private) == 3
    await api.alice.delete(f"{PLACE}/{private[0]}")
    with pytest.raises(Invalid):
        await create()  # it isn't gone yet
    await knowledge(api).repositories.endings.emptied("papers", private[0])
    await create()
    with pytest.raises(Invalid):
        await create()


async def test_the_default_one_is_emptied_and_stays(api: Api) -> None:
    await repository(api.admin)
    assert (await api.admin.delete(f"{PLACE}/default")).status_code == 202
    await knowledge(api).repositories.endings.emptied("papers", "default")
    default = (await api.admin.get(f"{PLACE}/default")).json()
    assert (default["status"], default["dimension"]) == ("ACTIVE", 0)


async def test_what_was_done_is_recorded(api: Api) -> None:
    await repository(api.admin)
    await collection(api.admin, collectionId="one", name="One")
    api.clock.advance(1)
    await api.admin.put(f"{PLACE}/one", json={"name": "New"})
    api.clock.advance(1)
    await api.admin.delete(f"{PLACE}/one")
    entries = (await api.admin.get("/audit", params={"kind": "collection"})).json()["items"]
    assert [(each["verb"], each["object_id"]) for each in entries] == [
        ("delete", "papers.one"),
        ("change", "papers.one"),
        ("create", "papers.one"),
    ]
