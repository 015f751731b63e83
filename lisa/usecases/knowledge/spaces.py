"""Where in its store a collection's passages lie."""

from lisa.domain.knowledge.repository import Collection
from lisa.ports.vectors import Space


def space_of(collection: Collection) -> Space:
    """Return the place of a collection that something is in, and so has a dimension."""
    return Space(collection.uid, collection.dimension, collection.language)
