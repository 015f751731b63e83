"""Stores of repositories as stacks on AWS: who has them made, and who makes them."""

from collections.abc import Mapping

from lisa.adapters.cloudformation.calls import Calls, Clients
from lisa.adapters.cloudformation.stores import CloudFormationStores
from lisa.adapters.s3.blobs import S3Blobs
from lisa.adapters.s3.client import make_client as make_s3_client
from lisa.adapters.stepfunctions.runs import StepFunctionsWorkflows, make_client
from lisa.bootstrap.store_making import StoreMaking
from lisa.declared.knowledge_settings import StoresSettings
from lisa.declared.store_offers import OFFERS
from lisa.declared.store_stack import StoreTemplate
from lisa.domain.errors import Unavailable
from lisa.ports.store_hosts import StoreHost


def making_on_aws(machines: Mapping[str, str]) -> StoreMaking | None:
    """Return what has stores made by these state machines; without any, nothing has."""
    if not machines:
        return None
    return StoreMaking(StepFunctionsWorkflows(make_client(), machines), [*OFFERS.values()])


def store_host_on_aws(settings: StoresSettings) -> StoreHost:
    """Return what makes the stacks of stores."""
    site = settings.store_site
    if site is None:
        raise Unavailable(
            "this deployment doesn't say where stores go",
            next_step="deploy the stack of stores again",
        )
    kept = S3Blobs(make_s3_client(), site.template_bucket)

    async def template(kind: StoreTemplate) -> str:
        content = await kept.get(site.templates[kind])
        if content is None:
            raise Unavailable(
                f"the template of {kind} is gone", next_step="deploy the stack of stores again"
            )
        return content.decode()

    return CloudFormationStores(Calls(Clients()), site, template)
