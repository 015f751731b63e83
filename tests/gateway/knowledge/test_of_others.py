"""Two people: one tries every route of OpenAI's files and vector stores on what is the other's."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from lisa.gateway.further import ITEM, NAME
from lisa.gateway.knowledge.routes import knowledge_table
from tests.gateway.knowledge.running import HANDBOOK, LEAVE, Library

SECRET: Final = "alices-own-words"
BODIES: Final[dict[tuple[str, ...], dict[str, Any]]] = {
    ("vector_stores", NAME): {"name": "x"},
    ("vector_stores", NAME, "search"): {"query": LEAVE},
    ("vector_stores", NAME, "files"): {"file_id": "file_1"},
    ("vector_stores", NAME, "files", ITEM): {"attributes": {"a": 1}},
    ("vector_stores", NAME, "file_batches"): {"file_ids": ["file_1"]},
}


class Anybody:
    """Answers nothing: only the table's paths are asked for."""

    def __getattr__(self, name: str) -> Any:
        return lambda: name


def routes() -> Iterator[tuple[str, tuple[str, ...]]]:
    nobody: Any = Anybody()
    for steps, methods in knowledge_table(nobody, nobody, nobody).items():
        yield from ((method, steps) for method in methods)


@pytest.mark.parametrize("shared", [False, True])
async def test_what_is_anothers_is_not_there_on_any_route(
    library: Library, *, shared: bool
) -> None:
    alice, bob = await library.client("alice", "a"), await library.client("bob", "b")
    store = (await library.store(alice, f"{SECRET} {HANDBOOK}", metadata={"k": SECRET})).id
    file = (await alice.files.list()).data[0].id
    batch = await alice.vector_stores.file_batches.create(store, file_ids=[file])
    if shared:  # with another group
        repository = await library.repository("secret", groups=frozenset({"a"}))
        await library.collection(repository, id="more", name=SECRET, groups=frozenset({"a"}))
        store = "secret.more"
    await library.work()
    before = (await alice.files.list()).to_json(), (await alice.vector_stores.list()).to_json()
    assert SECRET in "".join(before)

    asked = 0
    async with httpx.AsyncClient() as http:
        for method, steps in routes():
            item = batch.id if "file_batches" in steps else file
            name = file if steps[0] == "files" else store
            path = "/".join({NAME: name, ITEM: item}.get(step, step) for step in steps)
            answer = await http.request(
                method,
                f"{library.turning.openai}/{path}",
                headers={"authorization": f"Bearer {bob.api_key}"},
                json=BODIES.get(steps) if method == "POST" else None,
            )
            assert SECRET not in answer.text, (method, steps)
            if NAME in steps:
                asked += 1
                assert answer.status_code == 404, (method, steps, answer.text)
            else:
                assert file not in answer.text
                assert store not in answer.text
                assert answer.status_code < 500, (method, steps, answer.text)
    assert asked > 14
    after = (await alice.files.list()).to_json(), (await alice.vector_stores.list()).to_json()
    assert after == before
