"""Passages for the contract of stores, and the plain evaluation that all must agree with."""

from collections.abc import Mapping, Sequence

from lisa.domain.knowledge.filters import Comparing, Comparison, Filter, Joined, Joining
from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.passage import Embedded, Found, Passage, Place

VECTOR = (1.0, 0.0, 0.0)


def passage(  # noqa: PLR0913 - most are named
    document_id: str = "d1",
    ordinal: int = 0,
    text: str = "some text",
    vector: Sequence[float] = VECTOR,
    *,
    facts: Mapping[str, Fact] | None = None,
    tags: tuple[str, ...] = (),
    name: str = "a.pdf",
    page: int | None = 1,
) -> Embedded:
    """Return a passage with the id that ingestion gives it."""
    place = Place(10 * ordinal, 10 * ordinal + 10, page, page, ("Part", "Chapter"))
    id_ = f"{document_id}-{ordinal:06d}"
    kept = Passage(id_, document_id, ordinal, text, place, name, tags, facts or {})
    return Embedded(kept, vector)


def ids(found: Sequence[Found]) -> list[str]:
    """Return the ids in the order in which they were found."""
    return [each.passage.id for each in found]


def documents(found: Sequence[Found]) -> set[str]:
    """Return whose passages were found."""
    return {each.passage.document_id for each in found}


def fits(where: Filter, given: Passage) -> bool:
    """Tell whether a passage fits, the plain way."""
    if isinstance(where, Joined):
        join = all if where.how is Joining.AND else any
        return join(fits(each, given) for each in where.filters)
    return _fits(where, _values(where.key, given))


def _fits(where: Comparison, values: Sequence[Fact]) -> bool:
    wanted = [_typed(value) for value in where.values]
    known = [_typed(value) for value in values]
    alike = [value for value in known if value[0] == wanted[0][0]]
    match where.how:
        case Comparing.EQ | Comparing.IN:
            return any(value in wanted for value in known)
        case Comparing.NE | Comparing.NIN:
            return not any(value in wanted for value in known)
        case Comparing.GT:
            return any(value > wanted[0] for value in alike)
        case Comparing.GTE:
            return any(value >= wanted[0] for value in alike)
        case Comparing.LT:
            return any(value < wanted[0] for value in alike)
        case Comparing.LTE:
            return any(value <= wanted[0] for value in alike)


def _values(key: str, given: Passage) -> Sequence[Fact]:
    match key:
        case "document_id":
            return [given.document_id]
        case "name":
            return [given.name] if given.name else []
        case "tags":
            return given.tags
        case "page":
            return [] if given.place.page is None else [given.place.page]
    return [given.facts[key]] if key in given.facts else []


def _typed(value: Fact) -> tuple[str, Fact]:
    kind = "b" if isinstance(value, bool) else "s" if isinstance(value, str) else "n"
    return kind, value
