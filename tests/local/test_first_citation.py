"""From nothing to an answer that says on which page of an uploaded PDF it stands."""

from pathlib import Path
from typing import Any, Final

import openai
import pytest

from lisa.declared.home import CLI_TOKEN
from tests.documents import written_pdf
from tests.local.supervised import Local

FACTS: Final = {
    4: "The coffee machine on the second floor is cleaned every Friday by its users.",
    7: "Employees have thirty days of paid leave in each calendar year.",
    11: "Bicycles are parked in the cellar, whose door opens with the badge.",
}
QUESTIONS: Final = {
    7: "How many days of paid leave do employees have?",
    11: "Where are bicycles parked?",
}
SUBJECTS: Final = (
    *("printers", "meeting rooms", "travel", "invoices", "training", "visitors"),
    *("telephones", "archives", "safety", "keys", "laptops", "cleaning"),
)
LINES_ON_A_PAGE: Final = 14


def page(number: int) -> str:
    """Draw a page that is long enough to be a passage of its own."""
    subject = SUBJECTS[number - 1]
    lines = [
        f"Rule {line} about {subject} was agreed by the board and concerns the whole department."
        for line in range(1, LINES_ON_A_PAGE)
    ]
    lines.insert(LINES_ON_A_PAGE // 2, FACTS.get(number, f"This page is about {subject}."))
    drawn = " T* ".join(f"({line}) Tj" for line in lines)
    return f"BT /F1 10 Tf 14 TL 40 740 Td {drawn} ET"


@pytest.mark.timeout(180)
def test_an_uploaded_pdf_is_cited_by_its_page(home: Path, command_environ: dict[str, str]) -> None:
    lisa = Local(home, command_environ)
    content = written_pdf([page(number) for number in range(1, len(SUBJECTS) + 1)])
    try:
        lisa.up()
        token = (lisa.home / CLI_TOKEN).read_text().strip()
        with openai.OpenAI(base_url=f"{lisa.url}/v1", api_key=token) as client:
            demo = next(model.id for model in client.models.list() if "extractive" in model.id)
            store = client.vector_stores.create(name="Handbook")
            ready = client.vector_stores.files.upload_and_poll(
                vector_store_id=store.id, file=("Handbook.PDF", content), poll_interval_ms=250
            )
            answers = {number: asked(client, demo, store.id, number) for number in QUESTIONS}
            passages = [
                each.text
                for each in client.vector_stores.files.content(ready.id, vector_store_id=store.id)
            ]
    finally:
        lisa.end()
    assert (ready.status, ready.last_error) == ("completed", None)
    for number, answer in answers.items():
        assert FACTS[number] in answer.output_text
        message = next(item for item in answer.output if item.type == "message")
        cited = message.content[0].to_dict()["annotations"][0]
        assert (cited["filename"], cited["file_id"]) == ("Handbook.PDF", ready.id)
        assert (cited["page"], cited["last_page"]) == (number, number)
        assert FACTS[number] in cited["quote"]
        assert FACTS[number] in passages[cited["ordinal"]]


def asked(client: openai.OpenAI, model: str, store: str, number: int) -> Any:
    tools: Any = [{"type": "file_search", "vector_store_ids": [store]}]
    return client.responses.create(model=model, input=QUESTIONS[number], tools=tools)
