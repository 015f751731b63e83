"""Knowledge on AWS: stores lie where repositories say, models answer at the gateway."""

import logging

from lisa.adapters.gateway.calls import GatewayCalls, Where
from lisa.adapters.gateway.embedding import GatewayEmbedder
from lisa.adapters.gateway.reranking import GatewayReranker
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.store_making import StoreMaking
from lisa.bootstrap.vector_stores import VectorStores
from lisa.domain.errors import Unavailable
from lisa.ports.secrets import Secrets
from lisa.ports.sources import Sources
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.stores.models import ModelStore
from lisa.usecases.others_secrets import OthersSecrets
from lisa.usecases.renewable_passes import RenewablePasses


def knowledge_on_aws(
    ports: Ports,
    others: OthersSecrets,
    gateway: str | Where,
    passes: RenewablePasses,
    sources: Sources | None = None,
    making: StoreMaking | None = None,
) -> KnowledgePorts:
    """Choose the adapters of whoever looks after knowledge; they live as long as the process.

    `others` finds what opens stores that are there already.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells of every call
    calls = GatewayCalls(gateway, passes)
    stores = VectorStores(RepositoryStore(ports.tables), others, ports.clock, own={})
    return KnowledgePorts(
        stores, GatewayEmbedder(calls), GatewayReranker(calls), sources=sources, making=making
    )


def passes_of(ports: Ports, secrets: Secrets, reference: str) -> RenewablePasses:
    """Return what writes and reads service passes with the secret that lies there."""
    return RenewablePasses(ModelStore(ports.tables), secrets, reference, ports.clock)


def gateway_at(reference: str, secrets: Secrets) -> Where:
    """Return what tells where the gateway answers, which is known once it is deployed."""

    async def where() -> str:
        try:
            return await secrets.resolve(reference)
        except Unavailable as error:
            raise Unavailable(
                "nobody knows where the gateway answers",
                next_step="deploy the stack of the gateway, then try again",
                code="no_gateway",
            ) from error

    return where
