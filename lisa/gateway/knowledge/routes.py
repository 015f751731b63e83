"""Which paths files and vector stores have."""

from functools import partial
from typing import Final

from lisa.gateway.asked import Asked
from lisa.gateway.further import ITEM, NAME, Handler, Table
from lisa.gateway.knowledge.files import ADDED_TO, OpenAiFiles
from lisa.gateway.knowledge.store_files import OpenAiStoreFiles
from lisa.gateway.knowledge.stores import OpenAiStores
from lisa.gateway.reply import Reply
from lisa.usecases.configuration import Switches

FILES, STORES, BATCHES = "files", "vector_stores", "file_batches"
KNOWLEDGE: Final = (FILES, STORES)
SEARCHED = "ragSelectionAvailable"


def knowledge_table(files: OpenAiFiles, stores: OpenAiStores, within: OpenAiStoreFiles) -> Table:
    """Return who answers everything about files and vector stores."""
    switches = files.switches
    return {
        (FILES,): {"POST": files.create, "GET": files.page},
        (FILES, NAME): {"GET": files.get, "DELETE": files.delete},
        (FILES, NAME, "content"): {"GET": files.content},
        (STORES,): {"POST": partial(stores.create, switches=switches), "GET": stores.page},
        (STORES, NAME): {"GET": stores.get, "POST": stores.change, "DELETE": stores.delete},
        (STORES, NAME, "search"): {"POST": _if_on(switches, SEARCHED, stores.search)},
        (STORES, NAME, "files"): {
            "POST": _if_on(switches, ADDED_TO, within.create),
            "GET": within.page,
        },
        (STORES, NAME, "files", ITEM): {
            "GET": within.get,
            "POST": within.change,
            "DELETE": within.delete,
        },
        (STORES, NAME, "files", ITEM, "content"): {"GET": within.content},
        (STORES, NAME, BATCHES): {"POST": _if_on(switches, ADDED_TO, within.create_batch)},
        (STORES, NAME, BATCHES, ITEM): {"GET": within.get_batch},
        (STORES, NAME, BATCHES, ITEM, "files"): {"GET": within.batch_files},
        (STORES, NAME, BATCHES, ITEM, "cancel"): {"POST": within.cancel_batch},
    }


def _if_on(switches: Switches, name: str, handler: Handler) -> Handler:
    """Answer only where an administrator hasn't switched this off."""

    async def answered(asked: Asked, reply: Reply) -> None:
        await switches.require(name)
        await handler(asked, reply)

    return answered
