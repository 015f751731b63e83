"""What a deployment may choose about models that run in its account."""

from pydantic import Field

from deployment.config.values import Buckets, Image, Part, Topic
from lisa.domain.hosting import EngineName


class ModelsConfig(Part):
    """Models that run in this account, in the network of the gateway; without it there are none.

    `alarms` is the topic that is told of replicas that aren't well. `images` take the place of the
    engines' own: those built from `containers/engines`, or copies in a registry of yours. Weights
    in `weights_buckets` are looked into before a model begins; engines read theirs without that.
    """

    alarms: Topic = ""
    """ARN of the topic that is told of replicas that aren't well."""
    images: dict[EngineName, Image] = Field(default_factory=dict)
    """In place of the engines' own: built from `containers/engines`, or copies in a registry of
    yours."""
    weights_buckets: Buckets = ()
    """Buckets whose weights are looked into before a model begins."""
