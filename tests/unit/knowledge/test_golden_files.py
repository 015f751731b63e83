"""Golden sets are the same in each of the forms that they can be written in."""

import json

import pytest

from lisa.domain.errors import Invalid
from lisa.http.evaluations.golden_files import golden_of_file
from lisa.http.evaluations.plain_yaml import DEEPEST, MOST_PARTS

QUESTIONS = [
    {"question": "Where?", "relevant": ["a.txt"]},
    {"question": "Why?", "relevant": [{"document": "b.pdf", "page": 3}], "facts": ["42"]},
]
LISTED = """
- question: Where?
  relevant: [a.txt]
- question: Why?
  relevant:
    - document: b.pdf  # a comment
      page: 3
  facts: [42]
"""
WHOLE = "---\nquestions:" + LISTED.replace("\n", "\n  ")
YAML = "it is no JSON, and read as YAML: "


def test_lines_json_and_yaml_are_the_same_set() -> None:
    forms = (
        "\n".join(map(json.dumps, QUESTIONS)),
        json.dumps({"questions": QUESTIONS}),
        json.dumps(QUESTIONS, indent=2),
        LISTED,
        WHOLE,
        f"\ufeff{LISTED}",
        LISTED.replace("\n", "\r\n"),
    )
    read = [golden_of_file(text.encode(), file_name="set.txt") for text in forms]
    assert {each.digest for each in read} == {read[0].digest}
    assert (read[0].name, read[0].questions[1].relevant[0].page) == ("set", 3)


def test_a_name_that_is_given_counts_before_the_files_own_and_that_before_what_it_is_called() -> (
    None
):
    own = f"name: Own\n{WHOLE.removeprefix('---')}".encode()
    assert golden_of_file(own, file_name="called.yaml").name == "Own"
    assert golden_of_file(own, " Given ", "called.yaml").name == "Given"
    assert golden_of_file(LISTED.encode(), "Given").name == "Given"
    assert golden_of_file(LISTED.encode(), file_name=f"{'n' * 200}.yaml").name == "n" * 100


def test_words_in_yaml_are_text_whatever_they_look_like() -> None:
    text = "- {question: yes, relevant: [2024-01-01, {document: 1:1, page: null}], facts: [~1]}"
    [question] = golden_of_file(text.encode(), "set").questions
    assert (question.question, question.facts) == ("yes", ("~1",))
    assert [each.document for each in question.relevant] == ["2024-01-01", "1:1"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there are no questions in it"),
        ("nonsense", "there are no questions in it"),
        ("just: words", "there are no questions in it"),
        ("42", "line 1 is no JSON object"),
        ("- question: Who?", "question 1: relevant: Field required"),
        (f"{LISTED}- {{question: a, relevant: [b], odd: 1}}", "question 3: odd: Extra inputs"),
        ('{"question": "a", "relevant": ["b"]}\n{"question": "c"}', "line 2: relevant: Field req"),
        ('[\n{"question": "a" "relevant": []}]', f"{YAML}line 2: did not find expected ','"),
        (
            '{"question": "a\\ud800", "relevant": ["b"]}',
            "line 1: question: Input should be a valid",
        ),
        ('[{"\\ud800": "a"}]', "question 1: Input should be a valid string"),
        (
            '{"\\ud800": 1, "questions": [{"question": "a", "relevant": ["b"]}]}',
            "Input should be a valid str",
        ),
        (f"{{questions: [], {'k' * 1000}: 1}}", "questions: Tuple should have at least 1"),
        (f"{{questions: [{{{'k' * 1000}: 1}}]}}", "question 1: question: Field required"),
        ("- question: [", f"{YAML}line 2: "),
        ("- question: a\n  relevant: &b [b]", f"{YAML}line 2: anchors and aliases are not read"),
        ("- *a", f"{YAML}line 1: anchors and aliases are not read"),
        ("- !!python/object/apply:os.getcwd []", f"{YAML}line 1: tags are not read"),
        ("- !!timestamp no", f"{YAML}line 1: tags are not read"),
        ("? [a]\n: b", f"{YAML}line 1: a key has to be a word"),
        ("a: b\n---\nc: d", f"{YAML}line 2: a second document begins"),
        ("[" * (DEEPEST + 2), f"{YAML}line 1: it is nested too deeply"),
        ("[" * 100_000, f"{YAML}line 1: it is nested too deeply"),
        ("-\n" * MOST_PARTS, f"{YAML}line {MOST_PARTS - 1}: there is more in it"),
        ("a: \x00", f"{YAML}unacceptable character"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, why: str) -> None:
    with pytest.raises(Invalid) as told:
        golden_of_file(text.encode(), "set")
    assert told.value.message.startswith(why)
    assert told.value.precise_code == "no_golden_set"
    assert len(told.value.message.encode()) < 500


def test_what_is_no_text_is_refused_with_its_line() -> None:
    with pytest.raises(Invalid, match="line 2 is no text in UTF-8"):
        golden_of_file(b"- question: a\n  relevant: [\xff]", "set")
