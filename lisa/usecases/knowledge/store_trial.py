"""Trying a store before anybody else may use it."""

from typing import Final

from lisa.ports.vectors import Space, Stores

TRIED_WITH: Final = 3  # dimensions of the space by which a store shows that it works


async def try_store(stores: Stores, repository_id: str, uid: str) -> None:
    """Make an empty space in a repository's store and take it away again."""
    vectors = await stores.of(repository_id)
    try:
        await vectors.make(Space(uid, TRIED_WITH))
    finally:
        await vectors.drop(uid)
