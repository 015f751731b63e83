"""Which paths turns have."""

from lisa.gateway.further import ITEM, NAME, Table
from lisa.gateway.turns.conversations import Conversations
from lisa.gateway.turns.responses import Responses


def turn_table(responses: Responses, conversations: Conversations) -> Table:
    """Return who answers everything about turns."""
    one, many = responses, conversations
    return {
        ("responses",): {"POST": one.create},
        ("responses", NAME): {"GET": one.get, "DELETE": one.delete},
        ("responses", NAME, "cancel"): {"POST": one.cancel},
        ("responses", NAME, "input_items"): {"GET": one.input_items},
        ("conversations",): {"POST": many.create},
        ("conversations", NAME): {
            "GET": many.get,
            "POST": many.change,
            "DELETE": many.delete,
        },
        ("conversations", NAME, "items"): {"GET": many.items, "POST": many.add},
        ("conversations", NAME, "items", ITEM): {
            "GET": many.item,
            "DELETE": many.delete_item,
        },
    }
