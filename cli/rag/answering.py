"""Answers of a model with and without collections: how many have a fact that a right one has."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import httpx

from cli.client import Lisa
from cli.errors import error_of
from cli.output import note, table
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.knowledge.golden import GoldenQuestion

AT_ONCE: Final = 4
ANSWERING: Final = httpx.Timeout(300, connect=10)
HEADINGS: Final = ("", "QUESTIONS", "WITH THE FACT", "PART")


@dataclass(frozen=True)
class Asking:
    """Which model is asked what, and which collections it has."""

    model: str
    collections: Sequence[str]
    questions: Sequence[GoldenQuestion]


def answers_of(lisa: Lisa, asking: Asking) -> dict[str, Any]:
    """Ask all questions that have facts, each with the collections and without."""
    questions = [each for each in asking.questions if each.facts]
    if not questions:
        raise Invalid(
            "no question says which fact an answer should have",
            next_step='give questions "facts": ["42 days", "six weeks"], of which one is enough',
            code="no_facts",
        )
    with (
        httpx.Client(timeout=ANSWERING, trust_env=not lisa.is_here) as http,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        told = list(pool.map(lambda each: _both(http, lisa, asking, each), questions))
    return {
        "model": asking.model,
        "questions": told,
        "with": _part(told, "with"),
        "without": _part(told, "without"),
    }


def answers_told(told: Mapping[str, Any]) -> str:
    """Write it for a person, with the questions that were answered without the fact."""
    rows = [
        (
            f"{which} the collections",
            str(len(told["questions"])),
            str(sum(each[which]["right"] for each in told["questions"])),
            f"{told[which]:.3f}",
        )
        for which in ("without", "with")
    ]
    wrong = [each["question"] for each in told["questions"] if not each["with"]["right"]]
    missed = ["", "without the fact in spite of the collections:", *wrong] if wrong else []
    return "\n".join([table(HEADINGS, rows), *missed])


def _both(
    http: httpx.Client, lisa: Lisa, asking: Asking, question: GoldenQuestion
) -> dict[str, Any]:
    search = {"type": "file_search", "vector_store_ids": list(asking.collections)}
    said = {
        which: _said(http, lisa, {"model": asking.model, "input": question.question, **more})
        for which, more in (("with", {"tools": [search]}), ("without", {}))
    }
    note(question.question)
    told = {
        which: {"right": is_right(question, answer), "answer": answer}
        for which, answer in said.items()
    }
    return {"question": question.question, "facts": list(question.facts), **told}


def is_right(question: GoldenQuestion, answer: str) -> bool:
    """Tell whether an answer has one of the question's facts in it, in any case."""
    return any(fact.casefold() in answer.casefold() for fact in question.facts)


def _said(http: httpx.Client, lisa: Lisa, body: Mapping[str, object]) -> str:
    headers = {"authorization": f"Bearer {lisa.token}"}
    url = f"{lisa.url}/v1/responses"
    try:
        answer = http.post(url, json={**body, "store": False}, headers=headers)
    except httpx.TransportError as error:
        raise Unavailable(
            f"{url} did not finish its answer ({type(error).__name__})", next_step="try again"
        ) from error
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not answer.is_success or not isinstance(document, dict):
        raise error_of(answer.status_code, document, url)
    return "\n".join(
        part.get("text", "")
        for item in document.get("output", [])
        if item.get("type") == "message"
        for part in item.get("content", [])
    )


def _part(told: Sequence[Mapping[str, Any]], which: str) -> float:
    right = [each for each in told if each[which]["right"]]
    return len(right) / len(told)
