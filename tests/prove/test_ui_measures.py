"""The chat asks no more of a browser than what is bearable, on a machine that is busy otherwise."""

from statistics import median

from playwright.sync_api import Page

from benchmarks.ui import measure

NOISE = 1.5


def test_the_chat_stays_within_what_a_browser_bears(signed_in: Page, base_url: str) -> None:
    figures = measure(signed_in, base_url)
    for one in (*figures.short, *figures.long):
        assert one.long_tasks <= 3 * NOISE
        assert one.longest_ms <= 200 * NOISE
        assert one.key_ms <= 100 * NOISE
    alone = median(one.busy_seconds for one in figures.short)
    assert alone <= 2.5 * NOISE
    assert median(one.busy_seconds for one in figures.long) <= alone * 1.5 * NOISE
    for opened in figures.opened:
        assert opened.ready_seconds <= 2 * NOISE
        assert opened.heap_megabytes <= 30 * NOISE
        assert opened.nodes <= 10_000 * NOISE
        assert opened.jumps <= 1
