"""Pages that follow from the templates say what the templates say."""

from tools.deployment_pages import pages


def test_the_pages_of_stacks_and_rights_are_current() -> None:
    stale = [file.name for file, text in pages().items() if file.read_text() != text]

    assert stale == [], "run `make docs`"
