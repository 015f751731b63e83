"""What repositories, collections and what is said of documents may be called."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from lisa.domain.identity import SUBJECT_PATTERN

MOST_GROUPS: Final = 32
MOST_TAGS: Final = 50
MOST_FACTS: Final = 32

RepositoryId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{1,18}[a-z0-9])$")
]
CollectionId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$")
]
Name: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\w \-]+$")
]
Description: TypeAlias = Annotated[str, StringConstraints(max_length=1000)]
FileName: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")
]
ModelId: TypeAlias = Annotated[str, StringConstraints(max_length=256)]
Group: TypeAlias = Annotated[str, StringConstraints(pattern=SUBJECT_PATTERN)]
Groups: TypeAlias = Annotated[frozenset[Group], Field(max_length=MOST_GROUPS)]
Tag: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,50}$")]
Tags: TypeAlias = Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)]

FACT_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
LONGEST_FACT: Final = 512
Fact: TypeAlias = str | bool | int | float
"""One thing that is known of a document, by which it can be looked for."""


def _named(facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
    for name, fact in facts.items():
        if not FACT_NAME.fullmatch(name):
            raise ValueError(f"{name[:80]!r} can't be a field's name: use letters, digits, _ - .")
        if isinstance(fact, str) and len(fact) > LONGEST_FACT:
            raise ValueError(f"{name} is longer than {LONGEST_FACT} characters")
    return facts


Facts: TypeAlias = Annotated[
    Mapping[str, Fact], Field(max_length=MOST_FACTS), AfterValidator(_named)
]
