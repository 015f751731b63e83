"""Which paths files and vector stores have."""

from lisa.gateway.further import ITEM, NAME, Table
from lisa.gateway.knowledge.files import OpenAiFiles
from lisa.gateway.knowledge.store_files import OpenAiStoreFiles
from lisa.gateway.knowledge.stores import OpenAiStores

STORES, BATCHES = "vector_stores", "file_batches"


def knowledge_table(files: OpenAiFiles, stores: OpenAiStores, within: OpenAiStoreFiles) -> Table:
    """Return who answers everything about files and vector stores."""
    return {
        ("files",): {"POST": files.create, "GET": files.page},
        ("files", NAME): {"GET": files.get, "DELETE": files.delete},
        ("files", NAME, "content"): {"GET": files.content},
        (STORES,): {"POST": stores.create, "GET": stores.page},
        (STORES, NAME): {"GET": stores.get, "POST": stores.change, "DELETE": stores.delete},
        (STORES, NAME, "search"): {"POST": stores.search},
        (STORES, NAME, "files"): {"POST": within.create, "GET": within.page},
        (STORES, NAME, "files", ITEM): {
            "GET": within.get,
            "POST": within.change,
            "DELETE": within.delete,
        },
        (STORES, NAME, "files", ITEM, "content"): {"GET": within.content},
        (STORES, NAME, BATCHES): {"POST": within.create_batch},
        (STORES, NAME, BATCHES, ITEM): {"GET": within.get_batch},
        (STORES, NAME, BATCHES, ITEM, "files"): {"GET": within.batch_files},
        (STORES, NAME, BATCHES, ITEM, "cancel"): {"POST": within.cancel_batch},
    }
