"""How items and their marks lie in rows."""

import json
from dataclasses import asdict, dataclass
from typing import Final

from lisa.domain.session import Item
from lisa.ports.table import Key, Row
from lisa.stores.sessions.contents import Stowed

ENVELOPE: Final = 160


@dataclass(frozen=True)
class Mark:
    """That an item id is taken: by which place in the order, and by what content."""

    id: str
    sequence: int
    digest: str


@dataclass(frozen=True)
class Outline:
    """Where an item stands: after which other, and whether in sight."""

    id: str
    parent_id: str | None
    removed: bool


def partition(uid: str) -> str:
    """Return the partition of a session's items and marks."""
    return f"items#{uid}"


def item_key(uid: str, sequence: int) -> Key:
    """Return where the item of this place lies."""
    return Key(partition(uid), f"item#{sequence:012d}")


def mark_key(uid: str, item_id: str) -> Key:
    """Return where the mark of this item id lies."""
    return Key(partition(uid), f"mark#{item_id}")


def item_row(uid: str, item: Item, stowed: Stowed) -> Row:
    """Write an item whose parts are stowed."""
    key = item_key(uid, item.sequence)
    kept: Row = item.model_dump(mode="json", exclude={"parts", "metadata"}, exclude_none=True)
    return kept | {
        "pk": key.pk,
        "sk": key.sk,
        "parts": stowed.parts,
        "size": stowed.size,
        "metadata": json.dumps(item.metadata),
    }


def mark_of(item: Item) -> Mark:
    """Return the mark of an item."""
    return Mark(item.id, item.sequence, item.digest())


def mark_row(uid: str, item: Item) -> Row:
    """Write the mark of an item."""
    key = mark_key(uid, item.id)
    return {"pk": key.pk, "sk": key.sk, **asdict(mark_of(item))}


def to_mark(row: Row) -> Mark:
    """Read a mark."""
    return Mark(id=str(row["id"]), sequence=int(str(row["sequence"])), digest=str(row["digest"]))


def to_outline(row: Row) -> Outline:
    """Read where an item stands."""
    parent = row.get("parent_id")
    return Outline(str(row["id"]), str(parent) if parent else None, bool(row.get("removed")))


def is_item(row: Row) -> bool:
    """Tell an item from what else lies in its partition."""
    return str(row["sk"]).startswith("item#")


def weight(row: Row) -> int:
    """Estimate how many bytes an item is when shown."""
    return int(str(row["size"])) + len(str(row["metadata"])) + ENVELOPE
