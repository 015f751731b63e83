"""The pages as the deployment serves them: from their bucket, through the API, to anybody."""

import json
import re

import httpx
import pytest

from tests.deploy.conftest import Account

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys


def page(account: Account, path: str) -> httpx.Response:
    return httpx.get(f"{account.deployed.url}/ui/{path}", timeout=60)


def test_the_first_page_and_all_it_loads_are_there_for_a_stranger(account: Account) -> None:
    index = page(account, "index.html")

    assert index.status_code == 200
    assert index.headers["content-type"].startswith("text/html")
    assert index.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in index.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', index.text)
    assert loaded
    for path in loaded:
        asset = page(account, path)
        assert asset.status_code == 200, path
        assert asset.headers["cache-control"].endswith("immutable")
        assert asset.headers["x-content-type-options"] == "nosniff"


def test_they_are_told_where_everything_is(account: Account) -> None:
    told = json.loads(page(account, "config.json").content)

    assert told["routing"] == "hash"
    assert told["apiBase"] == ".."
    assert told["gateway"].startswith("http://")
    assert told["gateway"].endswith("/v1")
    assert told["signIn"]["clientId"]
    keys = httpx.get(f"{told['signIn']['authority']}/.well-known/openid-configuration")
    assert keys.status_code == 200


def test_the_policy_lets_pages_ask_the_gateway_and_the_files(account: Account) -> None:
    told = json.loads(page(account, "config.json").content)
    policy = page(account, "index.html").headers["content-security-policy"]
    asked = re.search(r"connect-src ([^;]+)", policy)

    assert asked
    origins = asked.group(1).split()
    assert told["gateway"].removesuffix("/v1") in origins
    assert any(".s3." in origin for origin in origins)


def test_what_is_not_there_is_not_found_in_our_words(account: Account) -> None:
    missing = page(account, "assets/no-such-file.js")

    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "not_found"
