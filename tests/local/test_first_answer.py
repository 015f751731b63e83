"""From nothing to the first answer of a model, within the minute that was promised."""

from pathlib import Path

import openai
import pytest

from lisa.declared.home import CLI_TOKEN
from tests.local.supervised import Local


@pytest.mark.timeout(60)
def test_the_first_chat_is_answered_within_a_minute(
    home: Path, command_environ: dict[str, str]
) -> None:
    """The database is made, everything starts, and a model that needs no key or GPU answers."""
    lisa = Local(home, command_environ)
    try:
        lisa.up()
        token = (lisa.home / CLI_TOKEN).read_text().strip()
        with openai.OpenAI(base_url=f"{lisa.url}/v1", api_key=token) as client:
            chats = [model.id for model in client.models.list() if "extractive" in model.id]
            answer = client.chat.completions.create(
                model=chats[0], messages=[{"role": "user", "content": "What is LISA?"}]
            )
            embedders = [model.id for model in client.models.list() if "minilm" in model.id.lower()]
            vectors = client.embeddings.create(model=embedders[0], input=["one", "two"])
    finally:
        lisa.end()
    assert answer.choices[0].message.content
    assert [len(item.embedding) for item in vectors.data] == [384, 384]
