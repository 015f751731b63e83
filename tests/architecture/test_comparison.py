"""The page that compares says of each feature whether it is there, and of ours where."""

from collections.abc import Iterator

from tests.architecture.checkout import ROOT

PAGE = ROOT / "docs" / "comparison.md"
OTHERS = 6  # beside us
SAID = {"yes", "part", "no", "paid", "?", "\u2013"}
IN_WORDS = ("stores", "connectors", "SAML, LDAP", "languages of the pages")


def features() -> Iterator[list[str]]:
    """Yield the cells of each row about a feature."""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == OTHERS + 3 and cells[0]:
            yield cells


def test_each_feature_says_of_everybody_whether_it_is_there() -> None:
    rows = list(features())
    assert len(rows) > 50
    for feature, *said, _where in rows:
        if feature not in IN_WORDS:
            assert set(said) <= SAID, feature
        assert all(said), feature


def test_what_is_here_in_part_or_whole_says_where() -> None:
    silent = [row[0] for row in features() if row[-2] in {"yes", "part"} and not row[-1]]
    assert silent == []
