"""Which paths turns have."""

from typing import Final

from lisa.gateway.further import ITEM, NAME, Table
from lisa.gateway.turns.conversations import Conversations
from lisa.gateway.turns.responses import Responses

RESPONSES, CONVERSATIONS = "responses", "conversations"
TURNS: Final = (RESPONSES, CONVERSATIONS)


def turn_table(responses: Responses, conversations: Conversations) -> Table:
    """Return who answers everything about turns."""
    one, many = responses, conversations
    return {
        (RESPONSES,): {"POST": one.create},
        (RESPONSES, NAME): {"GET": one.get, "DELETE": one.delete},
        (RESPONSES, NAME, "cancel"): {"POST": one.cancel},
        (RESPONSES, NAME, "input_items"): {"GET": one.input_items},
        (CONVERSATIONS,): {"POST": many.create},
        (CONVERSATIONS, NAME): {
            "GET": many.get,
            "POST": many.change,
            "DELETE": many.delete,
        },
        (CONVERSATIONS, NAME, "items"): {"GET": many.items, "POST": many.add},
        (CONVERSATIONS, NAME, "items", ITEM): {
            "GET": many.item,
            "DELETE": many.delete_item,
        },
    }
