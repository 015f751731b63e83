"""Where the control API is reached: from anywhere or one network, by its own name or by ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import STAGE
from stacks.constructs.parameters import look_up
from stacks.constructs.private_endpoints import ENTRY_OF_API
from stacks.constructs.surroundings import HTTPS

SECURITY: Final = "TLS_1_2"


@dataclass(frozen=True)
class ApiAddress:
    """The address of one API. A private one is called through its `entries`, other have none."""

    scope: Construct
    config: DeploymentConfig
    entries: Sequence[str]

    def place(self) -> apigateway.EndpointConfiguration:
        """Return where API Gateway puts the API."""
        if not self.entries:
            return apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL])
        there = [
            ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
                self.scope, f"Entry-{number}", port=HTTPS, vpc_endpoint_id=entry
            )
            for number, entry in enumerate(self.entries)
        ]
        return apigateway.EndpointConfiguration(
            types=[apigateway.EndpointType.PRIVATE], vpc_endpoints=there
        )

    def policy(self) -> iam.PolicyDocument | None:
        """Return who may call a private API: whoever comes through its entries."""
        if not self.entries:
            return None
        calls: dict[str, Any] = {
            "principals": [iam.AnyPrincipal()],
            "actions": ["execute-api:Invoke"],
            "resources": ["execute-api:/*"],
        }
        elsewhere = {"StringNotEquals": {"aws:SourceVpce": list(self.entries)}}
        return iam.PolicyDocument(
            statements=[
                iam.PolicyStatement(**calls),
                iam.PolicyStatement(**calls, effect=iam.Effect.DENY, conditions=elsewhere),
            ]
        )

    def origin(self, api: apigateway.RestApi) -> str:
        """Return the scheme and the name that the API is called by."""
        if self.config.api.domain:
            return f"https://{self.config.api.domain}"
        # With the entry in it, the name is known outside its network, too.
        name = f"{api.rest_api_id}-{self.entries[0]}" if self.entries else api.rest_api_id
        return f"https://{name}.execute-api.{api.stack.region}.{api.stack.url_suffix}"

    def add_domain(self, api: apigateway.RestApi) -> None:
        """Give the API the name that the configuration chose; paths stay what they are."""
        if not self.config.api.domain:
            return
        paths = {
            "base_path": STAGE,
            "rest_api_id": api.rest_api_id,
            "stage": api.deployment_stage.stage_name,
        }
        if self.entries:
            self._add_private(paths)
        else:
            self._add_regional(paths)

    def _add_regional(self, paths: dict[str, str]) -> None:
        named = apigateway.CfnDomainName(
            self.scope,
            "Domain",
            domain_name=self.config.api.domain,
            regional_certificate_arn=self.config.api.certificate,
            endpoint_configuration={"types": ["REGIONAL"]},
            security_policy=SECURITY,
        )
        apigateway.CfnBasePathMapping(self.scope, "Paths", domain_name=named.ref, **paths)
        cdk.CfnOutput(
            self.scope,
            "DomainLeadsTo",
            value=named.attr_regional_domain_name,
            description=f"where {self.config.api.domain} must lead to",
        )

    def _add_private(self, paths: dict[str, str]) -> None:
        named = apigateway.CfnDomainNameV2(
            self.scope,
            "Domain",
            domain_name=self.config.api.domain,
            certificate_arn=self.config.api.certificate,
            endpoint_configuration={"types": ["PRIVATE"]},
            policy=self.policy(),
            security_policy=SECURITY,
        )
        arn = named.attr_domain_name_arn
        apigateway.CfnBasePathMappingV2(self.scope, "Paths", domain_name_arn=arn, **paths)
        for number, entry in enumerate(self.entries):
            apigateway.CfnDomainNameAccessAssociation(
                self.scope,
                f"Through-{number}",
                domain_name_arn=arn,
                access_association_source=entry,
                access_association_source_type="VPCE",
            )


def address_of(scope: Construct, config: DeploymentConfig) -> ApiAddress:
    """Return the address that the configuration asks for."""
    entries: Sequence[str] = ()
    if config.api.private:
        entries = config.api.vpc_endpoints or (look_up(scope, config, ENTRY_OF_API),)
    return ApiAddress(scope, config, entries)
