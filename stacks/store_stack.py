"""The stack of one store of a kind, with everything that differs between stores asked for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import aws_cdk as cdk
from constructs import Construct

from lisa.declared.store_offers import OFFERS
from lisa.declared.store_stack import StoreOutput, StoreParameter, StoreTemplate
from stacks.constructs.model_parameters import Intrinsic
from stacks.constructs.store_opensearch import (
    ASKS_OF_DOMAIN,
    ASKS_OF_SERVERLESS,
    add_domain,
    add_serverless,
)
from stacks.constructs.store_parameters import ask_where, ask_which, follow_key
from stacks.constructs.store_postgres import ASKS, add_aurora, add_rds


class Sort(NamedTuple):
    """What a template asks for, and what adds the store and returns its address."""

    asks: Sequence[StoreParameter]
    add: Callable[[cdk.Stack], Intrinsic]


SORTS: Final[Mapping[StoreTemplate, Sort]] = {
    StoreTemplate.RDS: Sort(ASKS, add_rds),
    StoreTemplate.AURORA: Sort(ASKS, add_aurora),
    StoreTemplate.DOMAIN: Sort(ASKS_OF_DOMAIN, add_domain),
    StoreTemplate.SERVERLESS: Sort(ASKS_OF_SERVERLESS, add_serverless),
}


class StoreStack(cdk.Stack):
    """A store, who may ask it, and its login where it has one."""

    def __init__(self, scope: Construct, name: str, kind: StoreTemplate) -> None:
        super().__init__(
            scope,
            name,
            description=f"LISA: a store of passages ({kind})",
            synthesizer=cdk.BootstraplessSynthesizer(),
            analytics_reporting=False,
        )
        sort = SORTS[kind]
        ask_where(self, sort.asks)
        follow_key(self)
        ask_which(self, OFFERS[kind].options)
        address = sort.add(self)
        self._output(StoreOutput.ADDRESS, address)
        if StoreParameter.LOGIN in sort.asks:
            self._output(StoreOutput.LOGIN, {"Ref": StoreParameter.LOGIN.value})

    def _output(self, name: StoreOutput, value: Intrinsic) -> None:
        cdk.CfnOutput(self, name.value, value=cdk.Token.as_string(value))
