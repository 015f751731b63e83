"""Writes the answers of `demo-extractive`: quotations and fixed sentences, never anything else."""

from collections.abc import Sequence
from typing import Final

from local.builtin.names import DEMO
from local.builtin.quoting import Said, Sentence, material_of, nearest
from local.builtin.texts import LONGEST, Texts, Tokens

NO_TOOLS: Final = "Tools were offered; demo-extractive cannot call any."
FOOTER: Final = (
    f"— {DEMO}: no language model is configured: these are sentences quoted from what you sent."
)
NOTHING_NEAR: Final = (
    "Nothing in what you sent comes near the question, so there is nothing to quote."
)
EXPLANATION: Final = f"""\
I am {DEMO}, LISA's built-in demonstration: no language model is configured, so nobody can answer \
this. Send me a text and a question about it, in one message or in several, and I quote the \
sentences that come nearest to the question.

To add a language model, run one of

    lisa models add NAME --url URL
    lisa models add NAME --provider bedrock/MODEL"""
WHERE: Final = {
    "system": "the system message",
    "developer": "the developer message",
    "tool": "a tool's result",
    "user": "a message of yours",
}


async def words_for(texts: Texts, conversation: Sequence[Said], *, tools: bool) -> str:
    """Return the same words for the same conversation."""
    notes = [NO_TOOLS] if tools else []
    material = material_of(conversation)
    if not (material.question and material.candidates):
        return "\n\n".join([EXPLANATION, *notes])
    sentences = [material.question, *(each.text for each in material.candidates)]
    rows = [_cut(row) for row in await texts.tokens(sentences)]
    question, *vectors = await texts.vectors(rows)
    quotes = [_quoted(each) for each in nearest(material.candidates, vectors, question)]
    return "\n\n".join([*quotes, *notes, FOOTER] if quotes else [NOTHING_NEAR, *notes, EXPLANATION])


def _cut(row: Tokens) -> Tokens:
    """Judge a long sentence by its beginning."""
    return row if len(row) <= LONGEST else [*row[: LONGEST - 1], row[-1]]


def _quoted(sentence: Sentence) -> str:
    return f"> {sentence.text}\n> (from {WHERE[sentence.role]})"
