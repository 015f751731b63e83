"""What LISA's existing Python client asks of the control plane, and how it reads the answers.

Its calls are made here as its published source makes them, for it is in no package index; what it
asks of the inference plane is in `tests/conformance`.
"""

from typing import Any

from tests.api.conftest import Api

EMBEDDER = {
    "modelId": "embedder",
    "modelName": "bedrock/amazon.titan-embed-text-v2:0",
    "modelType": "embedding",
    "streaming": False,
}


async def asked(api: Api, path: str) -> Any:
    """Ask with the client's only headers: the token twice, once without a scheme."""
    token = await api.token("alice")
    async with api.client(**{"Api-Key": token, "Authorization": token}) as session:
        answer = await session.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_it_finds_the_embedding_models_among_all(api: Api) -> None:
    await api.admin.post("/models", json=EMBEDDER)
    await api.admin.post("/models", json=EMBEDDER | {"modelId": "writer", "modelType": "textgen"})
    models = (await asked(api, "/models")).get("models")
    assert [model["modelId"] for model in models] == ["embedder", "writer"]
    embedding = [model["modelId"] for model in models if model["modelType"] == "embedding"]
    assert embedding == ["embedder"]


async def test_it_lists_instance_types_as_plain_names(api: Api) -> None:
    names = await asked(api, "/models/metadata/instances")
    assert "m5.large" in names
    assert all(isinstance(name, str) for name in names)


async def test_it_lists_sessions_as_a_plain_list(api: Api) -> None:
    message = {"type": "human", "content": "hi"}
    await api.alice.put("/session/chat", json={"messages": [message]})
    sessions = await asked(api, "/session")
    assert [session["sessionId"] for session in sessions] == ["chat"]
