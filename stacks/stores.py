"""The stack of stores' lives: what makes and removes the stacks of stores that are LISA's own."""

import json
import tempfile
from pathlib import Path
from typing import Any, Final

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_opensearchserverless as aoss
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import STORES
from lisa.declared.settings import ENVIRONMENT_PREFIX
from lisa.declared.store_stack import StoreSite, StoreTemplate, short_names_of, template_name
from lisa.workflows.of_stores import STORE_WORKFLOWS
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.encryption import key_arn
from stacks.constructs.parameters import look_up
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.state_machine import StateMachine
from stacks.constructs.store_callers import caller_name, callers_elsewhere
from stacks.constructs.store_maker import StoreMaker
from stacks.constructs.surroundings import HTTPS, Surroundings
from stacks.store_templates import write

MAKE: Final = "make"
SITE: Final = f"{ENVIRONMENT_PREFIX}STORE_SITE"


class StoresStack(DeploymentStack):
    """State machines, the function of their steps, and the role that makes stacks."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "stores", "the lives of stores")
        site = self._site(config, StoreMaker(self, config).role.role_arn)
        steps = PythonFunction(self, config, STORES, {"store_site": _told(site)}).function
        if steps.role:
            # Known only now: what tries a store asks it, too.
            mine = site.model_copy(update={"callers": (*site.callers, steps.role.role_arn)})
            steps.add_environment(SITE, json.dumps(_told(mine)))
        for workflow in STORE_WORKFLOWS.values():
            StateMachine(self, config, workflow, steps)

    def _site(self, config: DeploymentConfig, role: str) -> StoreSite:
        templates = self._templates()
        subnets = range(config.network.zone_count)
        return StoreSite(
            deployment=config.full_name,
            vpc=look_up(self, config, "network/vpc"),
            subnets=tuple(
                look_up(self, config, f"network/private-subnet-{number}") for number in subnets
            ),
            callers_group=look_up(self, config, "network/group-serve"),
            callers=tuple(look_up(self, config, caller_name(each)) for each in callers_elsewhere()),
            role=role,
            template_bucket=next(iter(templates.values())).s3_bucket_name,
            templates={kind: asset.s3_object_key for kind, asset in templates.items()},
            secrets_prefix=config.secrets_prefix,
            endpoint=self._endpoint(config),
            keep=config.data == "retain",
            key=key_arn(self, config),
        )

    def _templates(self) -> dict[StoreTemplate, assets.Asset]:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder))
            return {
                kind: assets.Asset(
                    self, f"Template-{kind}", path=str(Path(folder, template_name(kind)))
                )
                for kind in StoreTemplate
            }

    def _endpoint(self, config: DeploymentConfig) -> str:
        """Return the network's endpoint of OpenSearch Serverless, of which it can have one."""
        if config.knowledge.serverless_endpoint != MAKE:
            return config.knowledge.serverless_endpoint
        around = Surroundings(self, config)
        vpc, callers = around.vpc(), around.group("serve")
        group = ec2.SecurityGroup(
            self,
            "EndpointGroup",
            vpc=vpc,
            description="LISA: the endpoint of OpenSearch Serverless",
            allow_all_outbound=False,
        )
        group.add_ingress_rule(callers, ec2.Port.tcp(HTTPS), "who asks stores")
        made = aoss.CfnVpcEndpoint(
            self,
            "Endpoint",
            name=f"{short_names_of(config.full_name)}stores",
            vpc_id=vpc.vpc_id,
            subnet_ids=[each.subnet_id for each in vpc.private_subnets],
            security_group_ids=[group.security_group_id],
        )
        return made.attr_id


def _told(site: StoreSite) -> dict[str, Any]:
    return site.model_dump(mode="json")
