"""A session, shown as OpenAI's Conversation, and pages of items."""

from collections.abc import Sequence

from lisa.domain.session import Session
from lisa.domain.turns.shapes import Wire


def conversation(session: Session) -> Wire:
    """Show a session; its notes are those that its conversation was given."""
    notes = session.configuration.get("metadata")
    return {
        "id": session.id,
        "object": "conversation",
        "created_at": int(session.created.timestamp()),
        "metadata": notes if isinstance(notes, dict) else {},
    }


def deleted_conversation(session_id: str) -> Wire:
    """Say that a conversation was deleted."""
    return {"id": session_id, "object": "conversation.deleted", "deleted": True}


def item_list(items: Sequence[Wire], *, has_more: bool = False) -> Wire:
    """Show a page of items: of a conversation, or of a response's input."""
    return {
        "object": "list",
        "data": [*items],
        "first_id": items[0]["id"] if items else "",
        "last_id": items[-1]["id"] if items else "",
        "has_more": has_more,
    }
