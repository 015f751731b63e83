"""The stores that a deployment on AWS can make, and what their templates take."""

from collections.abc import Mapping
from typing import Final

from lisa.declared.store_stack import StoreTemplate
from lisa.domain.knowledge.repository import StoreKind
from lisa.domain.knowledge.store_offer import Offer, StoreOption

BACKUP_DAYS: Final = StoreOption("Days that backups are kept", 7, choices=(1, 7, 14, 35))
INSTANCES: Final = (
    "db.t4g.medium",
    "db.t4g.large",
    "db.t3.medium",
    "db.t3.large",
    "db.m6g.large",
    "db.m6g.xlarge",
    "db.r6g.large",
    "db.r6g.xlarge",
    "db.r6g.2xlarge",
    "db.r6g.4xlarge",
)
# Each brings a pgvector whose searches go on where a filter leaves too few.
VERSION: Final = StoreOption("Postgres", "17.9", choices=("17.5", "17.6", "17.7", "17.9"))
NODES: Final = (
    "t3.small.search",
    "t3.medium.search",
    "m6g.large.search",
    "m6g.xlarge.search",
    "r6g.large.search",
    "r6g.xlarge.search",
    "r6g.2xlarge.search",
)
CAPACITIES: Final = (0.5, 1, 2, 4, 8, 16, 32, 64, 128)

OFFERS: Final[Mapping[StoreTemplate, Offer]] = {
    StoreTemplate.RDS: Offer(
        StoreKind.PGVECTOR,
        serverless=False,
        options={
            "instance": StoreOption("Machine", "db.t4g.medium", choices=INSTANCES),
            "storage_gb": StoreOption("Disk in GB", 50, least=20, most=16_384),
            "standby": StoreOption("A standby in another zone", usual=False),
            "backup_days": BACKUP_DAYS,
            "version": VERSION,
        },
    ),
    StoreTemplate.AURORA: Offer(
        StoreKind.PGVECTOR,
        serverless=True,
        options={
            "least_capacity": StoreOption("Fewest ACU (about 2 GiB each)", 0.5, choices=CAPACITIES),
            "most_capacity": StoreOption("Most ACU", 8, choices=CAPACITIES[1:]),
            "standby": StoreOption("A standby in another zone", usual=False),
            "backup_days": BACKUP_DAYS,
            "version": VERSION,
        },
    ),
    StoreTemplate.DOMAIN: Offer(
        StoreKind.OPENSEARCH,
        serverless=False,
        options={
            "instance": StoreOption("Machine", "m6g.large.search", choices=NODES),
            "nodes": StoreOption("Machines; from two on in two zones", 2, choices=(1, 2, 4, 6)),
            "storage_gb": StoreOption("Disk of each machine in GB", 50, least=10, most=1024),
        },
    ),
    StoreTemplate.SERVERLESS: Offer(
        StoreKind.OPENSEARCH,
        serverless=True,
        options={"standby": StoreOption("Replicas in another zone", usual=True)},
    ),
}


def template_for(kind: StoreKind, *, serverless: bool) -> StoreTemplate:
    """Return what such a store is made of."""
    return next(
        template
        for template, offer in OFFERS.items()
        if (offer.kind, offer.serverless) == (kind, serverless)
    )
