"""An installation that is called and looks like its team, by nothing but configuration."""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lisa.declared.home import postgres_place
from tests.e2e.conftest import Lisa

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h40"/></svg>'
BANNER = {
    "isEnabled": True,
    "text": "Not for patients' data",
    "textColor": "#ffffff",
    "backgroundColor": "#7a0019",
}
STARTING = 60_000  # it has just begun, and other tests keep the machine busy
PRIMARY = "() => getComputedStyle(document.documentElement).getPropertyValue('--primary')"


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lisa]:
    """Start a LISA that belongs to somebody."""
    logo = tmp_path_factory.mktemp("theirs") / "ours.svg"
    logo.write_text(PICTURE)
    branding = {"name": "Acme Mind", "accent": "#0b57d0", "logo": str(logo)}
    running = Lisa(tmp_path_factory.mktemp("home"))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LISA_BRANDING", json.dumps(branding))
            patch.setenv("LISA_BUILT_IN", "off")
            running.command("up", "--port", "0", "--no-browser", "--detach")
        yield running
    finally:
        running.command("down")
        shutil.rmtree(postgres_place(running.home), ignore_errors=True)


@pytest.fixture
def page(browser: Browser, theirs: Lisa) -> Iterator[Page]:
    """Open a page of theirs; the plugin's own belongs to the installation of the other tests."""
    page = browser.new_page(base_url=theirs.url, locale="en-US", color_scheme="light")
    yield page
    page.close()


def configure(page: Page, origin: str, **changes: Any) -> None:
    current = page.request.get("/api/configurations/current").json()
    answer = page.request.put(
        "/api/configurations/current",
        data={
            "version": current["version"],
            "configuration": current["configuration"] | changes,
        },
        headers={"origin": origin},
    )
    assert answer.ok, answer.text()


def test_name_logo_colour_and_banner_come_from_configuration(page: Page, theirs: Lisa) -> None:
    origin = theirs.url
    page.goto(theirs.way_in(origin))
    expect(page.get_by_role("heading", name="Welcome to Acme Mind")).to_be_visible(timeout=STARTING)
    expect(page).to_have_title("Home · Acme Mind")
    logo = page.get_by_role("complementary").locator("img[src='/logo.svg']")
    expect(logo).to_be_visible()
    assert logo.evaluate("image => image.naturalWidth") == 40
    assert "#0b57d0" in page.evaluate(PRIMARY)

    configure(page, origin, systemBanner=BANNER)
    page.goto("/sessions")
    banner = page.get_by_role("region", name="Banner")
    expect(banner).to_have_text(str(BANNER["text"]))
    expect(banner).to_have_css("background-color", "rgb(122, 0, 25)")
    expect(banner).to_have_css("color", "rgb(255, 255, 255)")
    assert "LISA" not in page.locator("body").inner_text()
