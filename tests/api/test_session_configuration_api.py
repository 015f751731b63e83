"""What a session's configuration may say, over both kinds of paths."""

import pytest

from tests.api.conftest import Api

EVERYTHING = {
    "model": "m1",
    "markdownDisplay": True,
    "streaming": False,
    "showMetadata": False,
    "max_tokens": 500,
    "chatHistoryBufferSize": 7,
    "ragTopK": 3,
    "modelArgs": {
        "n": None,
        "top_p": 0.01,
        "frequency_penalty": -2,
        "presence_penalty": 0.5,
        "temperature": 0.7,
        "seed": 7,
        "stop": ["\n\nHuman:"],
        "reasoning_effort": "low",
        "best_of": 3,
    },
    "imageGenerationArgs": {"size": "1024x1024", "numberOfImages": 1, "quality": "standard"},
    "videoGenerationArgs": {"seconds": "4"},
    "promptConfiguration": {"promptTemplate": "Be kind."},
    "ragConfig": {"repositoryId": "r"},
    "selectedModel": {"modelId": "m1", "streaming": True},
    "sessionConfiguration": {"modelArgs": {"temperature": 1}},
    "approvals": ["server.tool"],
    "somethingNew": [1, {"a": None}],
}


async def test_every_setting_comes_back_unchanged(api: Api) -> None:
    made = await api.alice.post("/sessions", json={"id": "a", "configuration": EVERYTHING})
    assert made.json()["configuration"] == EVERYTHING
    await api.alice.put("/session/b", json={"messages": [], "configuration": EVERYTHING})
    assert (await api.alice.get("/session/b")).json()["configuration"] == EVERYTHING


@pytest.mark.parametrize(
    ("configuration", "named"),
    [
        ({"modelArgs": {"temperature": 3}}, "modelArgs.temperature"),
        ({"modelArgs": {"temperature": "hot"}}, "modelArgs.temperature"),
        ({"modelArgs": {"top_p": -0.1}}, "modelArgs.top_p"),
        ({"modelArgs": {"stop": [1]}}, "modelArgs.stop"),
        ({"modelArgs": {"seed": 1.5}}, "modelArgs.seed"),
        ({"modelArgs": {"presence_penalty": 9}}, "modelArgs.presence_penalty"),
        ({"modelArgs": {"reasoning_effort": "very"}}, "modelArgs.reasoning_effort"),
        ({"modelArgs": []}, "modelArgs"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"streaming": "yes"}, "streaming"),
        ({"sessionConfiguration": {"modelArgs": {"top_p": 2}}}, "modelArgs.top_p"),
        ({"approvals": "all"}, "approvals"),
    ],
)
async def test_nonsense_is_refused_by_name_and_nothing_is_changed(
    api: Api, configuration: dict[str, object], named: str
) -> None:
    await api.alice.post("/sessions", json={"id": "a"})
    message = {"type": "human", "content": "hi"}
    for answer in (
        await api.alice.patch("/sessions/a", json={"configuration": configuration}),
        await api.alice.post("/sessions", json={"configuration": configuration}),
        await api.alice.put(
            "/session/a", json={"messages": [message], "configuration": configuration}
        ),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_configuration")
        assert named in answer.json()["error"]["message"]
    session = (await api.alice.get("/sessions/a")).json()
    assert (session["configuration"], session["item_count"]) == ({}, 0)
