"""What a person does with a keyboard, and what a reader of the screen would trip over."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
CONTRAST = "color-contrast"
TWO_FRAMES = """() => new Promise(
    (drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"""
# Neither selectors nor what axe finds right: both take it longer than to look.
FIND_VIOLATIONS = """async (rules) => {
    const wanted = {runOnly: rules, resultTypes: ["violations"], selectors: false};
    return (await axe.run(wanted)).violations;
}"""
FAR = 250  # past the navigation and all of the history, once around the page


def is_focused(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))


def tab_to(target: Locator) -> None:
    """Press Tab until the target has focus, and see that one can see it."""
    expect(target).to_be_visible()
    for _ in range(FAR):
        if is_focused(target):
            break
        target.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"Tab never reached {target}")
    outline = target.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline != "none", f"focus on {target} can't be seen"


def press(target: Locator, key: str = "Enter") -> None:
    tab_to(target)
    target.page.keyboard.press(key)


def pick(target: Locator, words: str) -> None:
    """Choose from a list by arrows, once it is there: where all is slow, letters are forgotten."""
    options = target.locator("option")
    expect(options.filter(has_text=words)).not_to_have_count(0)
    tab_to(target)
    target.page.keyboard.press("Home")
    for _ in range(options.count()):
        if words in (target.locator("option:checked").text_content() or ""):
            return
        target.page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow led to {words!r}")


def choose(page: Page, action: str, menu: str = "Actions for") -> None:
    """Choose from a menu: without its name, from that of the one thing that is shown."""
    press(page.get_by_role("button", name=menu))
    item = page.get_by_role("menuitem", name=action).or_(
        page.get_by_role("menuitemradio", name=action)
    )
    for _ in range(FAR):
        if item.is_visible() and is_focused(item):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    choose(page, "Sign out", "Account of")


def barriers(page: Page) -> list[Any]:
    """List what axe finds wrong with what is on the screen now, in both themes.

    They differ in nothing but colours.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = violations(page, RULES)
    page.emulate_media(color_scheme="dark")
    try:
        return found + violations(page, [CONTRAST])
    finally:
        page.emulate_media(color_scheme="light")


def violations(page: Page, rules: list[str]) -> list[Any]:
    page.evaluate(TWO_FRAMES)  # whoever follows the page's size and theme has done so by then
    found = page.evaluate(FIND_VIOLATIONS, rules)
    return [
        (each["id"], each["impact"], [node["html"] for node in each["nodes"]]) for each in found
    ]


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
