"""What a deployment may choose about the control API."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from deployment.config.values import Certificate, Domain, Part

VpcEndpoint = Annotated[str, Field(pattern=r"^vpce-[0-9a-f]+$")]


class ApiConfig(Part):
    """The control API: how much it takes, and from where."""

    requests_per_second: Annotated[int, Field(ge=1, le=10_000)] = 200
    """For all callers together; more are answered 429."""
    burst: Annotated[int, Field(ge=1, le=5_000)] = 400
    """How many calls may come at once, above that rate."""
    private: bool = False
    """Reached only through `vpc_endpoints`, or one that is made in the network."""
    vpc_endpoints: tuple[VpcEndpoint, ...] = ()
    """Endpoints of execute-api that are there already."""
    domain: Domain = ""
    """The name that `certificate` is for, which you lead to the API."""
    certificate: Certificate = ""
    """ARN of the certificate of `domain`, in the region of the deployment."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if bool(self.domain) != bool(self.certificate):
            raise ValueError("api.domain and api.certificate need each other")
        if self.vpc_endpoints and not self.private:
            raise ValueError("vpc_endpoints are for a private API: set api.private: true")
        return self
