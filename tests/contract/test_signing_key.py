"""The provider's own key: made once, kept for its owner alone, never fooled."""

import hashlib
import hmac
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from lisa.adapters.oidc.signing import KeptKey
from lisa.domain.errors import Unavailable
from tests.standins.issuer.issuer import base64url, encoded


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "provider-key"


def test_the_key_is_private_and_stays_the_same(path: Path) -> None:
    first = KeptKey(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeptKey(path).public_keys() == first.public_keys()
    assert KeptKey(path).read("a", first.signed("a", {"x": 1})) == {"x": 1}
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_many_who_make_it_at_once_have_one(path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: json.dumps(KeptKey(path).public_keys()), range(8)))
    assert len(set(keys)) == 1


def test_what_is_published_holds_no_secret(path: Path) -> None:
    key = KeptKey(path)
    [published] = json.loads(json.dumps(key.public_keys()))["keys"]
    assert set(published) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert published["kid"] == ECKey.import_key(published).thumbprint()


@pytest.mark.parametrize("content", ["", "{}", "[]", "not json", '{"kty": "EC", "crv": "P-256"}'])
def test_a_broken_key_says_what_to_do(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(Unavailable) as caught:
        KeptKey(path)
    assert str(path) in caught.value.next_step


def test_only_its_own_signature_for_that_kind_counts(path: Path, tmp_path: Path) -> None:
    key, other = KeptKey(path), KeptKey(tmp_path / "another")
    token = key.signed("a", {"sub": "alice"})
    _, claims, signature = token.split(".")
    public = json.dumps(key.public_keys()).encode()
    forged_head = encoded({"alg": "HS256", "typ": "a"})
    mac = hmac.new(public, f"{forged_head}.{claims}".encode(), hashlib.sha256).digest()
    refused = [
        other.signed("a", {"sub": "alice"}),
        key.signed("b", {"sub": "alice"}),
        f"{encoded({'alg': 'none', 'typ': 'a'})}.{claims}.",
        f"{forged_head}.{claims}.{base64url(mac)}",
        f"{token.partition('.')[0]}.{encoded({'sub': 'root'})}.{signature}",
        "",
        "a.b.c",
        "ü",
        "x" * 20_000,
    ]
    assert [key.read("a", each) for each in refused] == [None] * len(refused)
