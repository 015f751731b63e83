"""The browser pages as an HTTP client meets them."""

import gzip
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.routing import Mount

from lisa.declared.pages import Branding
from lisa.http.ui import UiFiles

INDEX = "<!doctype html><title>LISA</title>"
SCRIPT = "console.log('a long enough script');\n" * 100
CONFIG = {"routing": "history", "apiBase": "/api"}
PAGE = {"accept": "text/html"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text(INDEX)
    (root / "config.json").write_text('{"routing": "the file of the build"}')
    (root / "assets" / "index-abc.js").write_text(SCRIPT)
    (tmp_path / "secret.txt").write_text("outside of the built pages")
    return root


def browser(root: Path | None) -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/", UiFiles(root, CONFIG))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")


@pytest.mark.parametrize("address", ["/", "/sessions", "/sessions/some.id", "/sign-in"])
async def test_every_address_of_the_router_answers_the_page(built: Path, address: str) -> None:
    async with browser(built) as client:
        answer = await client.get(address, headers=PAGE)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/html")


async def test_an_asset_is_kept_forever_and_sent_packed_to_whoever_can_unpack(built: Path) -> None:
    async with browser(built) as client:
        plain = await client.get("/assets/index-abc.js", headers={"accept-encoding": "identity"})
        packed = await client.get("/assets/index-abc.js", headers={"accept-encoding": "gzip"})
    assert plain.text == packed.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(SCRIPT) / 10
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.headers["content-type"].startswith("text/javascript")


async def test_an_asset_is_read_once(built: Path) -> None:
    async with browser(built) as client:
        await client.get("/assets/index-abc.js")
        (built / "assets" / "index-abc.js").unlink()
        again = await client.get("/assets/index-abc.js")
    assert again.text == SCRIPT


async def test_a_missing_file_is_not_a_page(built: Path) -> None:
    async with browser(built) as client:
        asset = await client.get("/assets/gone.js", headers=PAGE)
        other = await client.get("/robots.txt")
    assert (asset.status_code, other.status_code) == (404, 404)


@pytest.mark.parametrize(
    "address",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/%2fetc/passwd",
        "/%00.txt",
        "/assets/" + "x" * 5000,
    ],
)
async def test_no_address_leads_outside(built: Path, address: str) -> None:
    async with browser(built) as client:
        answer = await client.get(address)
    assert answer.status_code in {200, 404}
    assert "outside" not in answer.text
    assert "root:" not in answer.text


async def test_a_link_in_the_folder_that_points_outside_is_no_file(built: Path) -> None:
    (built / "assets" / "sly.txt").symlink_to(built.parent / "secret.txt")
    async with browser(built) as client:
        answer = await client.get("/assets/sly.txt")
    assert answer.status_code == 404


async def test_the_configuration_comes_from_the_server_and_is_never_stored(built: Path) -> None:
    async with browser(built) as client:
        answer = await client.get("/config.json")
    assert answer.json() == CONFIG
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("address", ["/", "/assets/index-abc.js", "/config.json", "/gone.txt"])
async def test_every_answer_carries_the_strict_policy(built: Path, address: str) -> None:
    async with browser(built) as client:
        headers = (await client.get(address)).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert policy.count("'unsafe") == 1  # the styles of diagrams and formulas
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_pages_may_ask_only_themselves_and_where_people_sign_in(built: Path) -> None:
    app = Starlette(routes=[Mount("/", UiFiles(built, CONFIG, ["https://id.test"]))])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        policy = (await client.get("/")).headers["content-security-policy"]
    assert "connect-src 'self' https://id.test;" in policy
    assert policy.count("https://") == 1


async def test_head_answers_the_headers_alone(built: Path) -> None:
    async with browser(built) as client:
        answer = await client.head("/assets/index-abc.js", headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.read() == b""
    expected = len(gzip.compress(SCRIPT.encode(), mtime=0))
    assert int(answer.headers["content-length"]) == expected


async def test_pages_are_only_read(built: Path) -> None:
    async with browser(built) as client:
        answer = await client.post("/", content="x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("exists", [True, False])
async def test_unbuilt_pages_say_what_to_run(tmp_path: Path, *, exists: bool) -> None:
    async with browser(tmp_path if exists else None) as client:
        answer = await client.get("/", headers=PAGE)
        config = await client.get("/config.json")
    assert answer.status_code == 503
    assert "make setup" in answer.text
    assert config.status_code == 200


async def test_pages_built_meanwhile_are_served_without_a_restart(tmp_path: Path) -> None:
    async with browser(tmp_path) as client:
        before = await client.get("/")
        (tmp_path / "index.html").write_text(INDEX)
        after = await client.get("/")
    assert (before.status_code, after.status_code) == (503, 200)


async def test_the_logo_of_the_installation_lies_beside_the_pages(
    built: Path, tmp_path: Path
) -> None:
    logo = tmp_path / "ours.svg"
    logo.write_text("<svg/>")
    branding = Branding(name="Ours", accent="#0b57d0", logo=logo)
    app = Starlette(routes=[Mount("/", UiFiles(built, {}, logo=branding.logo))])

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        answer = await client.get("/logo.svg")

    assert branding.told() == {"name": "Ours", "accent": "#0b57d0", "logo": "logo.svg"}
    assert (answer.text, answer.headers["content-type"]) == ("<svg/>", "image/svg+xml")


@pytest.mark.parametrize(
    "wrong", [{"accent": "red; }"}, {"logo": "/etc/passwd"}, {"name": "x" * 61}]
)
def test_branding_that_would_break_a_page_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Branding.model_validate(wrong)
