"""The stack that a store asks for: its name, its template, its parameters."""

import json
import re
from typing import Any, Final

from lisa.declared.model_stack import DEPLOYMENT_TAG
from lisa.declared.store_stack import (
    TAG,
    StoreParameter,
    StoreSite,
    parameter_of,
    short_name,
    stores_of,
)
from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.repository import Repository

LOGINS: Final = "stores/"
YES, NO = "true", "false"


def store_stack_name(site: StoreSite, uid: str) -> str:
    """Return a name that no other store has."""
    return f"{stores_of(site.deployment)}{re.sub('[^A-Za-z0-9]+', '-', uid)}"


def store_stack(site: StoreSite, repository: Repository, template: str) -> dict[str, Any]:
    """Return what CloudFormation is told to make; the store is protected later."""
    values = {
        StoreParameter.NAME.value: short_name(site.deployment, repository.uid),
        StoreParameter.VPC.value: site.vpc,
        StoreParameter.SUBNETS.value: ",".join(site.subnets),
        StoreParameter.CALLERS_GROUP.value: site.callers_group,
        StoreParameter.CALLERS.value: ",".join(site.callers),
        StoreParameter.LOGIN.value: f"{site.secrets_prefix}{LOGINS}{repository.uid}",
        StoreParameter.KEEP.value: NO,
        StoreParameter.ENDPOINT.value: site.endpoint,
        StoreParameter.KEY.value: site.key,
        **{parameter_of(name): _text(value) for name, value in repository.store.options.items()},
    }
    asked = json.loads(template)["Parameters"]
    marks = {TAG: repository.uid, DEPLOYMENT_TAG: site.deployment}
    return {
        "StackName": store_stack_name(site, repository.uid),
        "TemplateBody": template,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in values.items()
            if key in asked
        ],
        "Tags": [{"Key": key, "Value": value} for key, value in marks.items()],
        **({"RoleARN": site.role} if site.role else {}),
    }


def _text(value: Fact) -> str:
    return (YES if value else NO) if isinstance(value, bool) else f"{value}"
