"""The stack of one model on one engine, with everything that differs between models asked for."""

from typing import cast

import aws_cdk as cdk
from constructs import Construct

from lisa.declared.engine_options.engine import Engine
from lisa.declared.model_stack import Output
from stacks.constructs.model_fleet import add_fleet
from stacks.constructs.model_front import add_alarms, add_front
from stacks.constructs.model_parameters import RUNS, Intrinsic, ask, follow
from stacks.constructs.model_resource import of, sub
from stacks.constructs.model_rights import add_groups, add_roles
from stacks.constructs.model_scaling import add_scaling
from stacks.constructs.model_task import add_service, add_task


class ModelStack(cdk.Stack):
    """A cluster, its machines, a service of replicas, and the balancer before them."""

    def __init__(self, scope: Construct, name: str, engine: Engine) -> None:
        super().__init__(
            scope,
            name,
            description=f"LISA: a model on {engine.name.value}",
            synthesizer=cdk.BootstraplessSynthesizer(),
            analytics_reporting=False,
        )
        ask(self, engine)
        follow(self)
        add_roles(self)
        add_groups(self, engine)
        add_fleet(self)
        add_task(self, engine)
        add_front(self, engine)
        add_service(self, engine)
        add_scaling(self)
        add_alarms(self)
        self._tell()

    def _tell(self) -> None:
        self._output(Output.CLUSTER, {"Ref": "Cluster"})
        self._output(Output.LOG_GROUP, {"Ref": "Logs"})
        runs = cast("cdk.CfnCondition", self.node.find_child(RUNS))
        self._output(Output.SERVICE, of("Service", "Name"), runs)
        self._output(Output.TARGETS, {"Ref": "Targets"}, runs)
        self._output(Output.ADDRESS, sub("http://${Balancer.DNSName}/v1"), runs)

    def _output(
        self, name: Output, value: Intrinsic, condition: cdk.CfnCondition | None = None
    ) -> None:
        cdk.CfnOutput(self, name.value, value=cdk.Token.as_string(value), condition=condition)
