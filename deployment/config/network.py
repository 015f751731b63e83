"""What a deployment may choose about the network of its containers."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deployment.config.values import Cidr, Group, Part, Subnets

GroupName = Literal["balancer", "serve", "litellm-balancer", "litellm"]


class NetworkConfig(Part):
    """Where containers run: in a network made for them, or (`vpc_id`) in one that is there.

    Without NAT gateways a network that is made has no way out but `endpoints`, private addresses
    of AWS's own services.
    """

    cidr: Cidr = "10.42.0.0/16"
    """Addresses of a network that is made."""
    zones: Annotated[int, Field(ge=2, le=3)] = 2
    """Over how many availability zones a network that is made is spread."""
    nat_gateways: Annotated[int, Field(ge=0, le=3)] = 1
    """How many lead out of a network that is made; billed by the hour each, 0: no way out."""
    vpc_id: Annotated[str, Field(pattern=r"^(vpc-[0-9a-f]+)?$")] = ""
    """A network that is there already; empty: one is made."""
    availability_zones: tuple[str, ...] = ()
    """Zones of the network that is there."""
    private_subnets: Subnets = ()
    """One of the network that is there in each of those zones."""
    public_subnets: Subnets = ()
    """The same, for a balancer that faces the internet."""
    security_groups: dict[GroupName, Group] = Field(default_factory=dict)
    """Those that are there already, in place of ours; their rules are yours."""
    endpoints: bool = False
    """Make an endpoint for each service of AWS that is called from a network that is made; each is
    billed by the hour in each zone."""
    flow_logs: bool = True
    """Log who connected to whom in a network that is made."""

    @model_validator(mode="after")
    def _is_made_or_there(self) -> Self:
        zones = len(self.availability_zones)
        if not self.vpc_id and (zones or self.private_subnets or self.public_subnets):
            raise ValueError("availability_zones and subnets are of a network with a vpc_id")
        if self.vpc_id and (zones < 2 or len(self.private_subnets) != zones):  # noqa: PLR2004 - a balancer's least
            raise ValueError("vpc_id needs two availability_zones and a private subnet in each")
        if self.vpc_id and self.endpoints:
            raise ValueError("endpoints are made in a network that is made; yours are up to you")
        if self.security_groups and not self.vpc_id:
            raise ValueError("security_groups are of a network with a vpc_id")
        if self.public_subnets and len(self.public_subnets) != zones:
            raise ValueError("public_subnets must be one in each of availability_zones")
        return self

    @property
    def zone_count(self) -> int:
        """Return over how many zones everything is spread."""
        return len(self.availability_zones) or self.zones
