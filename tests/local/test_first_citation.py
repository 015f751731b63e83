"""From nothing to an answer that says on which page of an uploaded PDF it stands."""

from pathlib import Path

import openai
import pytest

from lisa.declared.home import CLI_TOKEN
from tests.documents import pdf
from tests.local.supervised import Local

PAGES = (
    "Welcome to the company. Our offices are in Berlin and in Oslo.",
    "The coffee machine on the second floor is cleaned every Friday by its users.",
    "Employees have thirty days of paid leave in each calendar year.",
)


@pytest.mark.timeout(120)
def test_an_uploaded_pdf_is_cited_by_its_page(home: Path, command_environ: dict[str, str]) -> None:
    lisa = Local(home, command_environ)
    try:
        lisa.up()
        token = (lisa.home / CLI_TOKEN).read_text().strip()
        with openai.OpenAI(base_url=f"{lisa.url}/v1", api_key=token) as client:
            demo = next(model.id for model in client.models.list() if "extractive" in model.id)
            store = client.vector_stores.create(name="Handbook")
            ready = client.vector_stores.files.upload_and_poll(
                vector_store_id=store.id, file=("handbook.pdf", pdf(*PAGES)), poll_interval_ms=250
            )
            answer = client.responses.create(
                model=demo,
                input="How many days of paid leave do employees have?",
                tools=[{"type": "file_search", "vector_store_ids": [store.id]}],
            )
    finally:
        lisa.end()
    assert (ready.status, ready.last_error) == ("completed", None)
    assert PAGES[2] in answer.output_text
    message = next(item for item in answer.output if item.type == "message")
    cited = message.content[0].to_dict()["annotations"]
    assert isinstance(cited, list)
    assert (cited[0]["filename"], cited[0]["file_id"]) == ("handbook.pdf", ready.id)
    assert cited[0]["page"] <= 3 <= cited[0]["last_page"]
    assert PAGES[2] in cited[0]["quote"]
