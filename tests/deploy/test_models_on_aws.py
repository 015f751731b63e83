"""Models through API Gateway: made, listed, changed, tried and removed, their keys with them."""

import pytest

from tests.deploy.conftest import Account
from tests.standins.aws_emulator.access import session_of
from tests.standins.model_server.server import model_server

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys

PREFIX = "lisa/emulator/"
OF_OTHERS = ("lisa-emulator-litellm-", "lisa-emulator-data-", f"{PREFIX}stores/")
WANTED = {"modelId": "team/llama", "modelName": "llama", "modelUrl": "http://127.0.0.1:9/v1"}


def keys_of(account: Account) -> list[str]:
    """Return the names of all secrets there are, but for those of our stacks and of stores."""
    secrets = session_of().client("secretsmanager", endpoint_url=account.emulator.endpoint)
    listed = secrets.list_secrets()["SecretList"]
    secrets.close()
    names = [secret["Name"] for secret in listed]
    return [name for name in names if not name.startswith(OF_OTHERS)]


def test_a_model_lives_through_all_its_routes(account: Account) -> None:
    with account.client("root") as root, account.client("ada") as ada:
        made = root.post("/models", json={**WANTED, "allowedGroups": ["nobody"]})
        assert made.status_code == 200, made.text
        assert root.post("/models", json=WANTED).status_code == 409
        path = "/models/team/llama"
        assert ada.get(path).status_code == 404
        assert ada.put(path, json={"enabled": False}).status_code == 403
        changed = root.put(path, json={"allowedGroups": [], "version": 1})
        assert changed.status_code == 200, changed.text
        window = root.put(f"{path}/context-window", json={"contextWindow": 4096})
        assert window.json()["model"]["version"] == 3
        assert [each["modelId"] for each in ada.get("/models").json()["models"]] == ["team/llama"]
        removed = root.delete(path)
        assert removed.status_code == 200, removed.text
        assert root.get("/models").json()["models"] == []


def test_a_key_lies_in_secrets_manager_as_long_as_its_model_lives(account: Account) -> None:
    with account.client("root") as root, model_server() as server:
        wanted = {**WANTED, "modelUrl": server.url, "apiKey": "made-up"}
        tried = root.post("/models/test", json=wanted)
        assert tried.json()["ok"], tried.text
        assert keys_of(account) == []
        made = root.post("/models", json=wanted).json()["model"]
        [name] = keys_of(account)
        assert name.startswith(PREFIX)
        assert made["upstreams"][0]["key"] == f"secret:{name}"
        assert root.post("/models/test", json={"modelId": "team/llama"}).json()["ok"]
        assert {each.headers["authorization"] for each in server.asked} == {"Bearer made-up"}
        removed = root.delete("/models/team/llama")
        assert removed.status_code == 200, removed.text
    assert keys_of(account) == []


def test_the_instance_types_are_in_the_bundle(account: Account) -> None:
    with account.client("ada") as ada:
        assert "g5.xlarge" in ada.get("/models/metadata/instances").json()
